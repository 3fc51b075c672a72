import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskDotCommands } from '../../../engine/sql/dotCommands.ts';
import { tokenize } from '../../../engine/sql/lexer.ts';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';
import { type FormatOptions, formatSql } from '../../../server/language/formatting.ts';
import { rowsOf, withSession } from '../../support/engines.ts';

const OPTIONS: FormatOptions = { tabSize: 2, insertSpaces: true };

function formatted(text: string, options: FormatOptions = OPTIONS): string {
  let result = text;
  for (const { start, end, text: own } of [...formatSql(text, options).edits].reverse())
    result = result.slice(0, start) + own + result.slice(end);
  return result;
}

function words(text: string): string {
  const masked = maskDotCommands(text);
  return tokenize(masked)
    .map(({ start, end }) => masked.slice(start, end))
    .join('\0');
}

function expectSafe(text: string): void {
  const once = formatted(text);
  expect(words(once)).toBe(words(text));
  expect(formatted(once)).toBe(once);
}

/** Every piece of SQL that the repository holds: files, and string literals of tests that begin like a statement. */
function corpus(): string[] {
  const found = new Set<string>();
  const files = readdirSync('.', { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      /^(?:test|bench|examples|engine)\//.test(file.replaceAll('\\', '/')) &&
      /\.(?:sql|ts|mjs|json)$/.test(file) &&
      !file.includes('node_modules'),
  );
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    if (file.endsWith('.sql')) for (const statement of splitStatements(text)) found.add(statement.text);
    else
      for (const [, , inner = ''] of text.matchAll(
        /(['"`])((?:select|with|from|insert|update|create|pivot|merge|copy|values|explain)\b(?:\\.|(?!\1).)*)\1/gis,
      ))
        if (inner.length < 5_000) found.add(inner.replaceAll(/\\n/g, '\n').replaceAll(/\\(.)/g, '$1'));
  }
  return [...found];
}

describe('formatSql', () => {
  it('keeps the markers of cells', () => {
    expect(formatted('-- %% First\nselect 1\n-- %% [markdown]\n-- # Title\n-- %%\nselect 2')).toBe(
      '-- %% First\nselect\n  1\n-- %% [markdown]\n-- # Title\n-- %%\nselect\n  2',
    );
  });

  it('changes no token of any SQL in the repository, and nothing the second time', () => {
    const texts = corpus();
    expect(texts.length).toBeGreaterThan(1_000);
    const unsafe = texts.filter((text) => {
      try {
        expectSafe(text);
        return false;
      } catch {
        return true;
      }
    });
    expect(unsafe).toEqual([]);
  }, 120_000);

  it('gives DuckDB the same tree', async () => {
    await withSession(async (session) => {
      const tree = async (text: string) => {
        const [[json] = []] = await rowsOf(session, `select json_serialize_sql('${text.replaceAll("'", "''")}')`);
        return String(json).replaceAll(/"query_location":\d+/g, '');
      };
      const different: string[] = [];
      let compared = 0;
      for (const text of corpus().filter((_, index) => index % 3 === 0)) {
        const before = await tree(text);
        if (before.includes('"error":true')) continue;
        compared++;
        if ((await tree(formatted(text))) !== before) different.push(text);
      }
      expect(different).toEqual([]);
      expect(compared).toBeGreaterThan(300);
    });
  }, 120_000);

  it('changes no token of whatever is typed', () => {
    const piece = fc.constantFrom(
      ..."select from where a b1 \"c d\" 'x y' $$z$$ 1 .5 , ( ) [ ] { } : :: := => -> ->> && - + * / % || ; . -- c\n /* d\n */ \n \r\n .mode -- %% \n case when then end with as order by group values insert into ? $1 e'\\'' 😀 é"
        .split(' ')
        .map((word) => word.replaceAll('_', ' ')),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, fc.constantFrom('', ' ', ' ', '  ', '\n')), { maxLength: 40 }), (pieces) => {
        expectSafe(pieces.map(([word, gap]) => word + gap).join(''));
      }),
      { numRuns: 1_500 },
    );
  }, 120_000);

  it('is bounded', () => {
    expect(formatSql(`select ${'('.repeat(5_000)}1${')'.repeat(5_000)}`, OPTIONS).edits).toEqual([]);
    expect(formatSql(`select ${'a,'.repeat(40_000)}a`, OPTIONS)).toEqual({
      edits: [],
      refusal: expect.stringMatching(/statement is too long/),
    });
    expect(formatSql(' '.repeat(600_000), OPTIONS)).toEqual({ edits: [], refusal: expect.stringMatching(/text is too long/) });
  });

  it('touches only what has to change', () => {
    const { edits } = formatSql('select\n  a,\n  b\nfrom  t;\nselect\n  1;', OPTIONS);
    expect(edits).toEqual([{ start: 20, end: 22, text: '\n  ' }]);
  });
});
