import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../engine/base/clock.ts';
import { KodiakError } from '../../../engine/base/errors.ts';
import type { Engine, Result } from '../../../engine/types.ts';
import { ArchiveKeeper, type KeepOrder, rowsToKeep } from '../../../server/archive/archiveKeeper.ts';
import { ArchiveStore } from '../../../server/archive/archiveStore.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

type Archive = Engine['archive'];

/** A keeper whose engine writes as told, and what came of it. */
function setUp(archive: Archive, clock = systemClock) {
  const folder = temporaryFolder();
  const store = new ArchiveStore({ folder, maxBytes: 1e8, maxCells: 10, log: () => undefined, now: Date.now });
  store.open();
  const told: string[] = [];
  const engine = { archive } as Engine;
  const keeper = new ArchiveKeeper({
    store,
    engine: () => engine,
    clock,
    log: () => undefined,
    onStopped: (message) => told.push(message),
  });
  onTestFinished(() => keeper.close());
  const cells = () => readdirSync(join(folder, 'cells')).length;
  const leftovers = () => readdirSync(join(folder, 'rows')).filter((name) => !name.endsWith('.duckdb')).length;
  return { keeper, told, cells, leftovers };
}

const writes: Archive = async (_result, path) => {
  writeFileSync(path, 'rows');
  return { rows: 1, fingerprint: 'a'.repeat(64) };
};

let orders = 0;

function order(key: string, released: string[] = [], bytes = 8): KeepOrder {
  const resultId = `result ${orders++}`;
  const result = {
    bytes,
    rowCount: 1,
    page: async () => [[1]],
    release: () => released.push(key),
  } as unknown as Result;
  const head = { columns: [{ name: 'a', type: 'INTEGER' }], rowCount: 1, complete: true, truncated: false, preview: [] };
  const statement = { start: 0, end: 8, kind: 'SELECT', elapsedMs: 1 };
  const outcome = {
    statements: [{ ...statement, result: { ...head, resultId, provenance: { kind: 'run' as const, reason: '' } } }],
    elapsedMs: 1,
  };
  return { key: key.repeat(64), ranAt: 1, outcome, results: new Map([[resultId, result]]), readings: async () => [] };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 300));
}

describe('rowsToKeep', () => {
  it('is all rows where they fit, and else a round number that fits into a quarter of the quota', () => {
    const quota = 512 * 1024 * 1024;
    expect(rowsToKeep({ bytes: 100e6, rowCount: 12_345 }, quota)).toBe(12_345);
    expect(rowsToKeep({ bytes: 1.3e10, rowCount: 10_000_000 }, quota)).toBe(100_000);
    expect(rowsToKeep({ bytes: 1e9, rowCount: 1_234_567 }, quota)).toBe(160_000);
    expect(rowsToKeep({ bytes: 1e9, rowCount: 2 }, quota)).toBe(1);
    expect(rowsToKeep({ bytes: 3e6, rowCount: 7 }, 1)).toBe(7);
  });
});

describe('the keeper of outputs', () => {
  it('waits until nothing runs, and keeps only the newest of a cell', async () => {
    const { keeper, cells } = setUp(writes);
    const released: string[] = [];
    keeper.runBegan();
    keeper.keep(order('a', released));
    keeper.keep(order('a', released));
    keeper.keep(order('b', released));
    await settled();
    expect([cells(), released]).toEqual([0, ['a']]);
    keeper.runEnded();
    await expect.poll(cells).toBe(2);
    expect(released.sort()).toEqual(['a', 'a', 'b']);
  });

  it('is interrupted by a run, and begins again after it', async () => {
    let begun = 0;
    const { keeper, cells, leftovers } = setUp(async (result, path, options) => {
      begun++;
      writeFileSync(path, 'half');
      if (begun > 1) return await writes(result, path, options);
      await new Promise((resolve) => options?.signal?.addEventListener('abort', resolve));
      throw new KodiakError('cancelled', 'The query was cancelled.');
    });
    keeper.keep(order('a'));
    await expect.poll(() => begun).toBe(1);
    keeper.runBegan();
    await settled();
    expect([begun, cells(), leftovers()]).toEqual([1, 0, 0]);
    keeper.runEnded();
    await expect.poll(cells).toBe(1);
    expect(begun).toBe(2);
  });

  it('leaves the processor to a person who scrolls, where the result is large', { tags: ['slow'] }, async () => {
    let [begun, now] = [0, 0];
    const archive: Archive = async (result, path, options) => {
      begun++;
      if (begun > 1) return await writes(result, path, options);
      await new Promise((resolve) => options?.signal?.addEventListener('abort', resolve));
      throw new KodiakError('cancelled', 'The query was cancelled.');
    };
    const { keeper, cells } = setUp(archive, { ...systemClock, monotonic: () => now });
    keeper.keep(order('a', [], 20e6));
    await expect.poll(() => begun).toBe(1);
    keeper.looked();
    now = 900;
    await settled();
    expect([begun, cells()]).toEqual([1, 0]);
    now = 1_000;
    await expect.poll(cells).toBe(1);
    keeper.looked();
    keeper.keep(order('b', [], 20e6));
    await settled();
    expect(cells()).toBe(1);
    now = 11_001;
    keeper.looked();
    await expect.poll(cells).toBe(2);
  });

  it('writes what is small while somebody scrolls', async () => {
    const { keeper, cells } = setUp(writes);
    keeper.looked();
    keeper.keep(order('a'));
    await settled();
    expect(cells()).toBe(1);
  });

  it('stops when the disk is full, says so once, and holds nothing any more', async () => {
    const { keeper, told, cells, leftovers } = setUp(async (_result, path) => {
      writeFileSync(path, 'half');
      throw new KodiakError('limit', 'No space left on device');
    });
    const released: string[] = [];
    keeper.keep(order('a', released));
    keeper.keep(order('b', released));
    await expect.poll(() => told.length).toBe(1);
    keeper.keep(order('c', released));
    await settled();
    expect([told.length, cells(), leftovers(), released.sort()]).toEqual([1, 0, 0, ['a', 'b', 'c']]);
    expect(told[0]).toContain('No space left');
  });

  it('passes over what cannot be written, and keeps the next', async () => {
    let calls = 0;
    const { keeper, told, cells } = setUp(async (result, path, options) => {
      if (calls++ === 0) throw new KodiakError('bug', 'A result with these column types cannot be kept.');
      return await writes(result, path, options);
    });
    keeper.keep(order('a'));
    keeper.keep(order('b'));
    await expect.poll(cells).toBe(1);
    expect(told).toEqual([]);
  });

  it('writes what is small when it is closed, and does not wait for what takes long', { tags: ['slow'] }, async () => {
    const { keeper, cells } = setUp(writes);
    const released: string[] = [];
    keeper.runBegan();
    keeper.keep(order('a', released));
    keeper.keep(order('b', released));
    await keeper.close();
    expect([cells(), released.sort()]).toEqual([2, ['a', 'b']]);
    const slow = setUp(async (_result, _path, options) => {
      await new Promise((resolve) => options?.signal?.addEventListener('abort', resolve));
      throw new KodiakError('cancelled', 'The query was cancelled.');
    });
    slow.keeper.keep(order('c', released));
    await settled();
    slow.keeper.keep(order('d', released));
    const began = performance.now();
    await slow.keeper.close();
    expect(performance.now() - began).toBeLessThan(2000);
    expect([slow.cells(), released.sort()]).toEqual([0, ['a', 'b', 'c', 'd']]);
  });

  it('writes nothing after it was closed or told to forget', async () => {
    const { keeper, cells } = setUp(writes);
    const released: string[] = [];
    keeper.keep(order('a', released));
    await keeper.forget();
    await keeper.close();
    keeper.keep(order('b', released));
    await settled();
    expect([cells(), released]).toEqual([0, ['a', 'b']]);
  });
});
