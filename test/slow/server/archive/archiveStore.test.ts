import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { expect, it } from 'vitest';
import { ArchiveStore } from '../../../../server/archive/archiveStore.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const PROGRAM = `
  import { writeFileSync } from 'node:fs';
  import { ArchiveStore } from './server/archive/archiveStore.ts';
  import { cellKey } from './server/protocol/archive.ts';
  const [folder, name] = process.argv.slice(2);
  const store = new ArchiveStore({ folder, maxBytes: 200_000, maxCells: 20, log: () => {}, now: Date.now });
  store.open();
  for (let index = 0; index < 150; index++) {
    const digit = ((index * 7) % 16).toString(16);
    const path = store.temporaryRows();
    writeFileSync(path, digit.repeat(5000));
    const cell = { ranAt: 1, outcome: { statements: [], elapsedMs: 1 }, stored: {}, readings: [] };
    const key = cellKey({ notebook: 'n', database: '', sql: String(index % 30), occurrence: 0 });
    store.put(key, cell, [{ resultId: name + index, fingerprint: digit.repeat(64), path }]);
    store.find(name + (index - 3));
  }`;

it('the store of archived outputs serves several processes at once without a lock', () => {
  const folder = join(temporaryFolder(), 'archive');
  const program = join(temporaryFolder(), 'program.mjs');
  const stdin = { contents: PROGRAM, resolveDir: process.cwd(), loader: 'ts' as const };
  writeFileSync(program, buildSync({ stdin, bundle: true, platform: 'node', format: 'esm', write: false }).outputFiles[0]?.text ?? '');
  const commands = ['one', 'two', 'three'].map((name) => `node ${program} ${folder} ${name} &`).join(' ');
  execFileSync('bash', ['-c', `set -e; ${commands} wait -n; wait -n; wait -n`]);
  const store = new ArchiveStore({ folder, maxBytes: 200_000, maxCells: 20, log: () => undefined, now: Date.now });
  store.open();
  const cells = readdirSync(join(folder, 'cells'));
  expect(cells.length).toBeGreaterThan(5);
  expect(cells.length).toBeLessThanOrEqual(20);
  expect(cells.every((name) => store.read(name.replace('.json', '')) !== undefined)).toBe(true);
  const rows = readdirSync(join(folder, 'rows'));
  for (const name of rows) expect(readFileSync(join(folder, 'rows', name), 'utf8')).toBe((name[0] ?? '').repeat(5000));
});
