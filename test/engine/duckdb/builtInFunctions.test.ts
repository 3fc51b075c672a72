import { execFileSync } from 'node:child_process';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { builtInFunctions } from '../../../engine/duckdb/builtInFunctions.ts';
import type { Connection } from '../../../engine/duckdb/connection.ts';

it('what a build holds of the library is what the library says', { tags: ['slow'] }, async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRows();
  const told = await builtInFunctions({ rows } as unknown as Connection);
  connection.closeSync();
  instance.closeSync();
  const script =
    "import('./.ci/duckdbGrammar.mjs').then(async (m) => console.log((await m.duckdbGrammar()).define.KODIAK_DUCKDB_FUNCTIONS))";
  const built = JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
  expect(built.library).toMatch(new RegExp(`^v\\d.* ${process.platform}-${process.arch}$`));
  expect([...built.rows].sort()).toEqual([...told].sort());
  expect(told.length).toBeGreaterThan(500);
  expect(told).toContainEqual(['random', false]);
  expect(told).toContainEqual(['lower', true]);
});
