import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openEngine } from '../../../../engine/engine.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const MEBIBYTE = 1024 * 1024;
const LARGE = "select range, hash(range) || 'abc' || hash(range + 1) x from range(1500000)";

it('goes on after its temporary folder was removed', async () => {
  const folder = join(temporaryFolder(), 'spill');
  const engine = await openEngine({ temporaryFolder: folder, results: { memoryLimitBytes: 32 * MEBIBYTE } });
  const session = await engine.openSession();
  const before = await session.run(LARGE);
  rmSync(folder, { recursive: true });
  // What was spilled is readable, because its files are still open, or it is said that it is not.
  const old = await before.page(0, 1).catch((thrown: { code: string }) => thrown.code);
  expect([[[0n, expect.any(String)]], 'unavailable']).toContainEqual(old);
  before.release();
  const after = await session.run(LARGE);
  expect((await after.page(1_499_999, 1))[0]?.[0]).toBe(1_499_999n);
  const wide = await session.run(`select ${Array.from({ length: 150 }, (_, index) => `range + ${index} as c${index}`)} from range(20000)`);
  expect((await wide.page(19_999, 1))[0]).toHaveLength(150);
  await engine.close();
  expect(existsSync(join(folder, `results-${process.pid}`))).toBe(false);
});
