import { describe, expect, test } from 'vitest';
import { SqlInput } from '../../../client/terminal/sqlInput.ts';

function texts(input: SqlInput, line: string): string[] {
  return input
    .feed(line)
    .flatMap((piece) => (piece.kind === 'command' ? [piece.line] : piece.statements.map((statement) => statement.text)));
}

describe('sqlInput', () => {
  test('gathers lines until a semicolon outside quotes and comments', () => {
    const input = new SqlInput();
    expect(texts(input, "select ';' -- no;")).toEqual([]);
    expect(input.open).toBe(true);
    expect(texts(input, '/* ; */ , 2;')).toEqual(["select ';' -- no;\n/* ; */ , 2"]);
    expect(input.open).toBe(false);
  });

  test('takes several statements of a line, and waits for the last', () => {
    const input = new SqlInput();
    expect(texts(input, 'select 1; select 2;')).toEqual(['select 1', 'select 2']);
    expect(texts(input, 'select 1; select')).toEqual([]);
    expect(texts(input, '2;')).toEqual(['select 1', 'select\n2']);
  });

  test('takes commands only where no statement is open', () => {
    const input = new SqlInput();
    expect(texts(input, '  .tables a*')).toEqual(['.tables a*']);
    expect(texts(input, 'select')).toEqual([]);
    expect(texts(input, '.5;')).toEqual(['select\n.5']);
    expect(texts(input, '.5;')).toEqual(['.5']);
  });

  test('forgets empty lines and comments', () => {
    const input = new SqlInput();
    expect(texts(input, '')).toEqual([]);
    expect(texts(input, '-- only this')).toEqual([]);
    expect(texts(input, ';')).toEqual([]);
    expect(input.open).toBe(false);
  });

  test('counts the lines before a piece', () => {
    const input = new SqlInput();
    input.feed('.help');
    input.feed('');
    input.feed('select');
    expect(input.feed('1;')[0]).toMatchObject({ linesBefore: 2 });
  });

  test('gives what is left at the end', () => {
    const input = new SqlInput();
    input.feed('select 1');
    expect(input.finish()).toMatchObject([{ kind: 'sql', text: 'select 1\n' }]);
    expect(input.finish()).toEqual([]);
  });
});
