import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { splitStatements } from '../../../../engine/sql/splitStatements.ts';
import { rowsOf, withSession } from '../../../support/engines.ts';
import { expectSafe, formatted } from '../../../support/formatted.ts';

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
  return [...found].sort();
}

describe('formatSql', () => {
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
  });

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
  });
});
