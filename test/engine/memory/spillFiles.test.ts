import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { countSpillFiles, listSpillFiles } from '../../../engine/memory/spillFiles.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

it('counts DuckDB’s files in all folders, and nothing that others put there', () => {
  const folder = temporaryFolder();
  const more = join(folder, 'results-1');
  mkdirSync(more);
  writeFileSync(join(folder, 'duckdb_temp_storage_DEFAULT-0.tmp'), 'x'.repeat(100));
  writeFileSync(join(folder, 'notes.txt'), 'x');
  writeFileSync(join(more, 'duckdb_temp_block-7.block'), 'x'.repeat(20));
  writeFileSync(join(more, 'wide-3.duckdb'), 'x');
  expect(countSpillFiles(folder, more, join(folder, 'gone'))).toEqual({ count: 3, bytes: 121, folder });
  expect(countSpillFiles(join(folder, 'gone'))).toMatchObject({ count: 0, bytes: 0 });
});

it('lists them by size', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'duckdb_temp_block-1.block'), 'x');
  writeFileSync(join(folder, 'duckdb_temp_block-2.block'), 'x'.repeat(20));
  writeFileSync(join(folder, 'other.txt'), 'x'.repeat(50));
  const files = listSpillFiles(folder, join(folder, 'gone'));
  expect(files).toEqual([
    { name: 'duckdb_temp_block-2.block', bytes: 20, changedAt: expect.any(Number) },
    { name: 'duckdb_temp_block-1.block', bytes: 1, changedAt: expect.any(Number) },
  ]);
});
