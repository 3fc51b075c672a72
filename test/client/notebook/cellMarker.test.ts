import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CellSource, newFileStyle, parseNotebook, writeNotebook } from '../../../client/notebook/cellFormat.ts';
import { readMarker, withAttributes } from '../../../client/notebook/cellMarker.ts';

function sourceOf(text: string): CellSource {
  const source = parseNotebook(text).cells[0]?.source;
  if (source === undefined) throw new Error('The text has no cell.');
  return source;
}

describe('reading a marker', () => {
  test.each([
    ['-- %% Load the data key=value', 'Load the data'],
    ['--%%[markdown]  About  this ', 'About this'],
    ['-- %%', ''],
    ['-- %% a-b.c=1 limit=10', ''],
    ['-- %% x="two words" rest', 'rest'],
    ['select 1', ''],
  ])('title of %s', (marker, title) => {
    expect(readMarker(sourceOf(`${marker}\n-- x\n`)).title).toBe(title);
  });

  test('attributes, also quoted ones; the last of equal names counts', () => {
    const { attributes } = readMarker(sourceOf('-- %% Daily chart=line x="order ""day""" y= x2=a=b chart=bar\nselect 1'));
    expect([...attributes]).toEqual([
      ['chart', 'bar'],
      ['x', 'order "day"'],
      ['y', ''],
      ['x2', 'a=b'],
    ]);
  });

  test.each([
    ['-- %% assert No orphans key=id', 'assert', 'No orphans'],
    ['-- %% params', 'params', ''],
    ['-- %% Assert nothing', undefined, 'Assert nothing'],
    ['-- %% my params', undefined, 'my params'],
    ['-- %% [markdown] params', undefined, 'params'],
  ])('role of %s', (marker, role, title) => {
    const read = readMarker(sourceOf(`${marker}\n-- x\n`));
    expect([read.role, read.title]).toEqual([role, title]);
  });
});

describe('changing attributes', () => {
  test.each([
    ['-- %%\nselect 1', { chart: 'line' }, '-- %% chart=line\nselect 1'],
    ['--%% A title  x=1 y=2\r\nselect 1', { x: 'a b', z: '' }, '--%% A title  x="a b" y=2 z=""\r\nselect 1'],
    ['-- %% T x=1 y=2\nselect 1', { x: undefined, y: undefined }, '-- %% T\nselect 1'],
    ['select 1', { name: 'daily' }, '-- %% name=daily\nselect 1'],
    ['select 1', { name: undefined }, 'select 1'],
    ['-- %% [markdown] About\n-- text', { a: '1' }, '-- %% [markdown] About a=1\n-- text'],
    ['-- %%', { a: '1\n2' }, '-- %% a="1 2"\n'],
  ])('%j', (text, changes, expected) => {
    const file = parseNotebook(text);
    const cells = file.cells.map((cell, index) =>
      index === 0 && cell.source ? { ...cell, source: withAttributes(cell.source, changes, file.eol) } : cell,
    );
    expect(writeNotebook({ ...newFileStyle, ...file, cells })).toBe(expected);
  });

  test('what was set is read again, whatever its value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\w.-]+$/), (value, name) => {
        const changed = withAttributes(sourceOf('-- %% Title a=1\nselect 1'), { [name]: value }, '\n');
        expect(readMarker(changed).attributes.get(name)).toBe(value.replaceAll(/[\r\n]+/g, ' '));
        expect(readMarker(changed).title).toBe('Title');
      }),
    );
  });
});
