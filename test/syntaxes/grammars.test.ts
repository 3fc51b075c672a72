import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isFirmKeyword } from '../../engine/sql/keywords.ts';
import { tokenize } from '../../engine/sql/lexer.ts';
import { openGrammars, readCases, violation } from './scopeCases.mjs';

const CASES = 'test/syntaxes/cases';
/** Little grammars with the rules of the real ones that ours must get ahead of; the journeys take the real ones. */
const scopesOf = openGrammars({
  'source.ts': 'test/syntaxes/hosts/typescript.tmLanguage.json',
  'source.python': 'test/syntaxes/hosts/python.tmLanguage.json',
  'source.go': 'test/syntaxes/hosts/go.tmLanguage.json',
});

for (const file of readdirSync(CASES)) {
  const { scopeName, cases } = readCases(`${CASES}/${file}`);
  describe(`${scopeName} in ${file}`, () => {
    for (const { title, source, checks } of cases) {
      describe(title, () => {
        for (const check of checks) {
          it(check.title, async () => {
            expect(violation(check, await scopesOf(scopeName, source))).toBe('');
          });
        }
      });
    }
  });
}

describe('source.sql.duckdb', () => {
  it('knows every keyword that is never a name, where a keyword may stand', async () => {
    const { repository } = JSON.parse(readFileSync('syntaxes/duckdbSql.tmLanguage.json', 'utf8'));
    const known = JSON.stringify(repository);
    const words = [...new Set(known.match(/[a-z_]{2,}/g))].filter(isFirmKeyword);
    expect(words.length).toBeGreaterThan(100);
    for (const word of words) {
      const { scopes } = await scopesOf('source.sql.duckdb', `${word.toUpperCase()} `);
      const kinds = ['keyword', 'constant.language', 'storage.type', 'support.function'];
      const own = scopes[0]?.at(-1) ?? '';
      expect(kinds.some((kind) => own.startsWith(kind)) || FUNCTION_LIKE.has(word), `${word}: ${own}`).toBe(true);
    }
  });

  it('cuts strings, comments and quoted names where the lexer of the engine does', async () => {
    for (const file of ['test/fixtures/exam/schema.sql', 'examples/tour.kodiak.sql', 'bench/tpch/schema.sql', 'bench/tpch/queries.sql']) {
      const source = readFileSync(file, 'utf8').replaceAll(/^--[ \t]*%%.*$/gm, '');
      const { scopes } = await scopesOf('source.sql.duckdb', source);
      for (const token of tokenize(source)) {
        const scope = QUOTED[token.kind];
        if (scope === undefined) continue;
        for (const at of [token.start, token.end - 1]) {
          const place = `${file}: ${source.slice(token.start, token.end)}`;
          expect(
            scopes[at]?.some((name) => name.startsWith(scope)),
            `${place} has ${scopes[at]?.join(' ')}`,
          ).toBe(true);
        }
      }
    }
  });

  it('reads a long line in good time', { tags: ['slow'] }, async () => {
    const line = `SELECT ${Array.from({ length: 2_000 }, (_, index) => `col_${index} + 'text ${index}' AS "name ${index}"`).join(', ')}`;
    const { scopes } = await scopesOf('source.sql.duckdb', line);
    expect(scopes.length).toBe(line.length + 1);
  });
});

/** Keywords that are only ever followed by a parenthesis, where they look like functions. */
const FUNCTION_LIKE = new Set([
  'coalesce',
  'extract',
  'grouping',
  'grouping_id',
  'nullif',
  'overlay',
  'position',
  'substring',
  'treat',
  'trim',
  'try_cast',
  'cast',
]);

const QUOTED: Readonly<Partial<Record<string, string>>> = {
  string: 'string.quoted',
  quotedName: 'variable.other.quoted',
  lineComment: 'comment.line',
  blockComment: 'comment.block',
};
