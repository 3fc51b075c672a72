import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenize } from '../../../engine/sql/lexer.ts';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';

const texts = (script: string) => splitStatements(script).map((statement) => statement.text);

describe('splitStatements', () => {
  it.each([
    ['select 1; select 2', ['select 1', 'select 2']],
    ["select ';'; select E'\\';' ; select 'it''s;'", ["select ';'", "select E'\\';'", "select 'it''s;'"]],
    ['select $$;$$, $tag$ ; $$ ; $tag$; x', ['select $$;$$, $tag$ ; $$ ; $tag$', 'x']],
    ['select ";" /* ; /* ; */ ; */ -- ;\n, 2;', ['select ";" /* ; /* ; */ ; */ -- ;\n, 2']],
    ['-- only\n/* comments */ ;;', []],
    ["select 'open; select 2", ["select 'open; select 2"]],
    ['select 1; /* open', ['select 1', '/* open']],
    ['select $1; select ?; select a[1:2]; select 1::int', ['select $1', 'select ?', 'select a[1:2]', 'select 1::int']],
    ['sélect\u00a0x\u2003; 😀', ['sélect\u00a0x', '😀']],
  ])('%j', (script, expected) => {
    expect(texts(script)).toEqual(expected);
  });

  it('knows whether the last statement is finished', () => {
    expect(splitStatements('select 1; select 2').map((statement) => statement.terminated)).toEqual([true, false]);
    expect(splitStatements("select 'a;").map((statement) => statement.terminated)).toEqual([false]);
    expect(splitStatements('select 1 -- ;').map((statement) => statement.terminated)).toEqual([false]);
  });
});

describe('any text at all', () => {
  const piece = fc.oneof(
    fc.constantFrom("'", '"', '$$', '$a$', ';', '--', '/*', '*/', '\n', 'E', ' ', '1.5e', '::', '->>', '😀', '.', '$', '?', ':'),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

  it('is cut into tokens that follow one another and leave only white space between them', () => {
    fc.assert(
      fc.property(text, (sql) => {
        let at = 0;
        for (const token of tokenize(sql)) {
          expect(token.start).toBeGreaterThanOrEqual(at);
          expect(token.end).toBeGreaterThan(token.start);
          expect(sql.slice(at, token.start)).toMatch(/^[\s\u200b\u00a0]*$/);
          at = token.end;
        }
        expect(sql.slice(at)).toMatch(/^[\s\u200b\u00a0]*$/);
      }),
      { numRuns: 500 },
    );
  });

  it('gives statements whose text stands at their place, in order', () => {
    fc.assert(
      fc.property(text, (sql) => {
        let at = 0;
        for (const statement of splitStatements(sql)) {
          expect(sql.slice(statement.start, statement.end)).toBe(statement.text);
          expect(statement.start).toBeGreaterThanOrEqual(at);
          at = statement.end;
        }
      }),
      { numRuns: 500 },
    );
  });
});
