import { expect, it } from 'vitest';
import { resolvePaths } from '../../../engine/sql/absolutePaths.ts';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';

function resolved(script: string, folder: string | undefined = "/data/it's") {
  const [statement] = splitStatements(script);
  if (!statement) throw new Error('no statement');
  return resolvePaths(statement, script, folder);
}

it.each([
  ["copy t to 'a.csv'", "copy t to '/data/it''s/a.csv'"],
  [
    "COPY (select 'to' as x) TO 'sub/a.parquet' (format parquet)",
    "COPY (select 'to' as x) TO '/data/it''s/sub/a.parquet' (format parquet)",
  ],
  ["export database 'dump'", "export database '/data/it''s/dump'"],
  ["import database 'dump'", "import database '/data/it''s/dump'"],
  ["attach 'x.duckdb' as x", "attach '/data/it''s/x.duckdb' as x"],
  ["attach database if not exists 'x.duckdb'", "attach database if not exists '/data/it''s/x.duckdb'"],
])('makes the path of %j absolute', (script, expected) => {
  expect(resolved(script).text).toBe(expected);
});

it.each([
  "copy t to '/abs/a.csv'",
  "copy t to 's3://bucket/a.csv'",
  "attach ':memory:' as m",
  "copy t from 'a.csv'",
  "select 'to' , 'a.csv'",
  "copy t to '~/a.csv'",
])('leaves %j as it is', (script) => {
  expect(resolved(script).text).toBe(script);
});

it('maps offsets back to the script', () => {
  const script = "select 1; copy nope to 'a.csv' (bad true)";
  const [, statement] = splitStatements(script);
  if (!statement) throw new Error('no statement');
  const copy = resolvePaths(statement, script, '/folder');
  expect(script.slice(copy.toScript(copy.text.indexOf('nope'))).startsWith('nope')).toBe(true);
  expect(script.slice(copy.toScript(copy.text.indexOf('bad'))).startsWith('bad')).toBe(true);
});
