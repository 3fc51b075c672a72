import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  documentOffset,
  offsetNow,
  placeAt,
  rangeTarget,
  shortSql,
  statementTarget,
  stoppedAt,
} from '../../../client/results/runTarget.ts';

/** The statement for the cursor at `|`. */
function at(marked: string): string | undefined {
  const cursor = marked.indexOf('|');
  return statementTarget(marked.replace('|', ''), cursor)?.sql;
}

describe('statementTarget', () => {
  it('is the statement that the cursor stands in or touches', () => {
    expect(at('select 1; sel|ect 2; select 3')).toBe('select 2');
    expect(at('|select 1; select 2')).toBe('select 1');
    expect(at('select 1|; select 2')).toBe('select 1');
  });

  it('is the one that ends before the cursor on its line, else the next, else the last', () => {
    expect(at('select 1;|\n\nselect 2')).toBe('select 1');
    expect(at('select 1; -- the first|\nselect 2')).toBe('select 1');
    expect(at('select 1;\n|\nselect 2')).toBe('select 2');
    expect(at('select 1;\n-- the sec|ond\nselect 2')).toBe('select 2');
    expect(at('select 1;\n\n|')).toBe('select 1');
  });

  it('leaves out dot commands, and knows quotes and comments', () => {
    expect(at('.mode csv\n|select 1')).toBe('select 1');
    expect(at("select ';|' as a; select 2")).toBe("select ';' as a");
    expect(at('/* a; |b */ select 1; select 2')).toBe('select 1');
    expect(at('-- nothing|')).toBeUndefined();
    expect(at('|')).toBeUndefined();
  });

  it('is a part of the text, wherever the cursor stands', () => {
    const scripts = fc.array(fc.constantFrom('select 1', ';', '\n', "'", '$$', '--', '/*', '*/', ' ', '.x', '😀'), { maxLength: 20 });
    fc.assert(
      fc.property(scripts, fc.nat(100), (parts, cursor) => {
        const text = parts.join('');
        const target = statementTarget(text, Math.min(cursor, text.length));
        if (target !== undefined) expect(text.slice(target.offset, target.offset + target.sql.length)).toHaveLength(target.sql.length);
      }),
    );
  });
});

describe('rangeTarget', () => {
  it('keeps offsets, with dot commands blanked', () => {
    expect(rangeTarget('.timer on\nselect 1', 0, 18)).toEqual({ sql: '         \nselect 1', offset: 0 });
    expect(rangeTarget('select 1; select 2', 10, 18)).toEqual({ sql: 'select 2', offset: 10 });
    expect(rangeTarget('select 1 -- x', 9, 13)).toBeUndefined();
  });
});

describe('places', () => {
  it('of what was sent are further on in the document', () => {
    expect(documentOffset({ sql: 'select a', offset: 5 }, 7)).toBe(12);
  });

  it('of a failure without a position are where the statement begins that did not run', () => {
    expect(stoppedAt({ sql: 'select 1; select 2', offset: 100 }, 8)).toBe(110);
    expect(stoppedAt({ sql: 'select 1', offset: 100 }, 0)).toBe(100);
  });

  it('move with the text', () => {
    const target = { sql: 'select b', offset: 10 };
    expect(offsetNow('select a; select b', target, 17)).toBe(17);
    expect(offsetNow('-- new\nselect a; select b', target, 17)).toBe(24);
    expect(offsetNow('select b', target, 17)).toBe(7);
    expect(offsetNow('x', target, 17)).toBe(1);
  });

  it('are lines and columns from 0, for every line ending', () => {
    expect(placeAt('a\r\nb\rc\nde', 8)).toEqual({ line: 3, column: 1 });
    expect(placeAt('', 0)).toEqual({ line: 0, column: 0 });
  });
});

describe('shortSql', () => {
  it('is one line of at most 48 characters', () => {
    expect(shortSql('-- first\nselect   1,\n  2')).toBe('select 1, 2');
    const long = shortSql(`select ${'😀'.repeat(100)}`);
    expect([...long].length).toBe(48);
    expect(long.endsWith('😀…')).toBe(true);
  });
});
