import { describe, expect, test } from 'vitest';
import { beforeEdit, indentation, isComplete, piecesOf } from '../../../../client/terminal/editor/submission.ts';

describe('submission', () => {
  test.each([
    ['select 1;', true],
    ['select 1', false],
    ["select ';", false],
    ['select 1; -- done', true],
    ['select 1; select', false],
    ['/* open', false],
    ['.tables', true],
    ['select 1;\n.mode csv', true],
    ['select\n.5', false],
    ['', true],
    ['-- only this', true],
    [';', true],
  ])('%j is complete: %s', (text, complete) => expect(isComplete(text)).toBe(complete));

  test('gives the pieces in order, and what is not complete', () => {
    const pieces = piecesOf("select 1; select 2;\n.mode csv\nselect\n'a;\nb';\nselect 3");
    expect(pieces.map((piece) => (piece.kind === 'command' ? piece.line : piece.statements.map(({ text }) => text)))).toEqual([
      ['select 1', 'select 2'],
      '.mode csv',
      ["select\n'a;\nb'"],
      ['select 3'],
    ]);
  });

  test('reads a long literal over many lines once', () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `  (${index}, 'a;b &amp; c'),`);
    const started = performance.now();
    expect(piecesOf(`insert into t values\n${lines.join('\n')}\n  (0, '');`)).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  test('goes on below, deeper behind a bracket', () => {
    expect(indentation('select (', 8)).toBe('  ');
    expect(indentation('select\n   a', 11)).toBe('   ');
    expect(indentation('  a (\n', 3)).toBe('  ');
  });

  test.each([
    ['.edit', ''],
    ['\\e', ''],
    ['select 1\n.edit', 'select 1'],
    ['select 42 \\e', 'select 42 '],
    ['select 42 \\e;', 'select 42 '],
    ['.edits', undefined],
    ['select 1 .edit', undefined],
    ["select '\\e'", undefined],
  ])('finds the wish to edit in %j', (text, before) => expect(beforeEdit(text)).toBe(before));
});
