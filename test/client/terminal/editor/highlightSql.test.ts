import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { highlightSql } from '../../../../client/terminal/editor/highlightSql.ts';

/** Each painted piece with its paint. */
function painted(text: string, cursor = -1): string[] {
  return highlightSql(text, cursor).map(({ start, end, paint }) => `${paint} ${text.slice(start, end)}`);
}

describe('highlightSql', () => {
  test('paints by what the lexer finds', () => {
    expect(painted(`select "a", count(*), 1.5, 'x;y', $p from t.date -- n`)).toEqual([
      'keyword select',
      'function count',
      'number 1.5',
      "string 'x;y'",
      'parameter $p',
      'keyword from',
      'comment -- n',
    ]);
    expect(painted('create table t(a int)')).toEqual(['keyword create', 'keyword table']);
    expect(painted("select 'open")).toEqual(['keyword select', "string 'open"]);
  });

  test('paints dot commands, and only where they are some', () => {
    expect(painted('.mode csv')).toEqual(['command .mode']);
    expect(painted('select 1;\n  .mode csv\nselect 2\n.5')).toEqual([
      'keyword select',
      'number 1',
      'command .mode',
      'keyword select',
      'number 2',
      'number .5',
    ]);
  });

  test('marks the bracket at the cursor with its partner, outside of texts', () => {
    const brackets = (text: string, cursor: number) =>
      highlightSql(text, cursor).filter(({ paint }) => paint === 'bracket' || paint === 'unmatched');
    const text = "f([')'](a))";
    expect(brackets(text, text.length).map(({ start }) => start)).toEqual([1, 10]);
    expect(brackets(text, 2).map(({ start }) => start)).toEqual([1, 10]);
    expect(brackets('(a]', 1)).toEqual([{ start: 0, end: 1, paint: 'unmatched' }]);
    expect(brackets('a)', 2)).toEqual([{ start: 1, end: 2, paint: 'unmatched' }]);
    expect(brackets("'('", 2)).toEqual([]);
  });

  test('gives pieces in order that do not overlap', () => {
    const word = fc.constantFrom('select', '(', ')', '[', "'", '"', '--', '\n', '.mode', ' ', '/*', '*/', '1', 'é', '$$', ';');
    fc.assert(
      fc.property(fc.array(word), fc.nat(), (words, at) => {
        const text = words.join('');
        let last = 0;
        for (const { start, end } of highlightSql(text, at % (text.length + 1))) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  test('leaves data alone', () => {
    expect(highlightSql(`select '${'x'.repeat(300_000)}'`, 0)).toEqual([]);
  });
});
