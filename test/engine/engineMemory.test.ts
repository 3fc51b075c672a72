import { describe, expect, it } from 'vitest';
import type { Engine } from '../../engine/types.ts';
import { rowsOf, withEngine, withSession } from '../support/engines.ts';

const MIB = 2 ** 20;

async function duckdbMegabytes(engine: Engine): Promise<number> {
  return (await engine.sampleMemory()).memory.duckdbBytes / MIB;
}

describe('memory', () => {
  it('stops a query that runs while the process is above its ceiling, and the session goes on', { tags: ['slow'] }, async () => {
    // The first test of the file: what others left to the collector would be gone before the query is.
    const ceilingBytes = process.memoryUsage.rss() + 200 * MIB;
    await withSession(
      async (session) => {
        let held: Buffer | undefined = Buffer.alloc(400 * MIB, 1);
        const running = session.run('select count(*) from range(1000000000000)');
        await expect(running).rejects.toMatchObject({ code: 'limit', setting: 'kodiak.memory.ceilingMegabytes' });
        expect(held.length).toBeGreaterThan(0);
        held = undefined;
        expect(await rowsOf(session, 'select 42')).toEqual([[42]]);
      },
      { memory: { ceilingBytes } },
    );
  });

  it('divides the ceiling, and says in one line what was cut', async () => {
    const lines: string[] = [];
    const options = { memory: { ceilingBytes: 1024 * MIB, limitBytes: 2048 * MIB }, log: (line: string) => lines.push(line) };
    await withSession(async (session, engine) => {
      const { memory, cache } = engine.stats();
      expect(memory.ceilingBytes).toBe(1024 * MIB);
      expect(memory.limitBytes + cache.maxBytes).toBeLessThan(1024 * MIB);
      const [[limit] = []] = await rowsOf(session, "select current_setting('memory_limit')");
      expect(limit).toBe(`${(memory.limitBytes / MIB).toFixed(1)} MiB`);
    }, options);
    expect(lines).toEqual([
      'memory.ceilingBytes: 1024 MiB leave less than asked for: memory.limitBytes 828 MiB instead of 2048 MiB, results.memoryLimitBytes 32 MiB instead of 512 MiB.',
    ]);
  });

  it('refuses a query over DuckDB’s limit with the setting to change, and the session goes on', async () => {
    await withSession(
      async (session, engine) => {
        const sql = 'select k, list(v) from (select range % 1000 k, range v from range(20000000)) group by k';
        await expect(session.run(sql)).rejects.toMatchObject({ code: 'limit', setting: 'kodiak.memory.limitMegabytes' });
        expect(await rowsOf(session, 'select 42')).toEqual([[42]]);
        expect(await duckdbMegabytes(engine)).toBeLessThan(60);
      },
      { memory: { limitBytes: 64 * MIB } },
    );
  });

  it('keeps nothing of a session’s temporary tables and variables after its end', async () => {
    await withEngine({}, async (engine) => {
      const before = await duckdbMegabytes(engine);
      const session = await engine.openSession();
      await session.run("create temp table t as select range, repeat('x', 100) || range from range(200000)");
      await session.run('set variable v = (select list(range) from range(1000000))');
      expect(await duckdbMegabytes(engine)).toBeGreaterThan(before + 20);
      await session.close();
      expect(await duckdbMegabytes(engine)).toBeLessThanOrEqual(before + 0.5);
    });
  });

  it('keeps nothing of a session that ends inside a transaction', async () => {
    await withEngine({}, async (engine) => {
      const before = await duckdbMegabytes(engine);
      const session = await engine.openSession();
      await session.run("begin; create temp table t as select range, repeat('x', 100) || range from range(200000)");
      await session.close();
      expect(await duckdbMegabytes(engine)).toBeLessThanOrEqual(before + 0.5);
    });
  });

  it('moves idle tables to disk when asked to free memory, and loses no row of them', async () => {
    await withSession(async (session, engine) => {
      await session.run('create temp table t as select range i, hash(range) h, md5(range::varchar) m from range(1500000)');
      const [sum] = await rowsOf(session, 'select count(*), bit_xor(h), min(m) from t');
      expect(await duckdbMegabytes(engine)).toBeGreaterThan(60);
      expect(await engine.freeMemory()).toBeGreaterThan(20 * MIB);
      const { memory } = await engine.sampleMemory();
      expect(memory.duckdbBytes).toBeLessThan(40 * MIB);
      expect(memory.spillFiles.count).toBeGreaterThan(0);
      expect(memory.lastCleanUp?.steps.map((step) => step.name)).toEqual([
        'forgotten results',
        'cache entries',
        'stored results',
        'idle tables',
        'allocators',
      ]);
      expect(await rowsOf(session, 'select count(*), bit_xor(h), min(m) from t')).toEqual([sum]);
    });
  });

  it('keeps a memory limit that the user set when it frees memory', async () => {
    await withSession(async (session, engine) => {
      await session.run("set memory_limit = '333MiB'");
      await engine.freeMemory();
      expect(await rowsOf(session, "select current_setting('memory_limit')")).toEqual([['333.0 MiB']]);
    });
  });

  it('drops cache entries and then what others offer, each only as far as needed', async () => {
    await withSession(
      async (session, engine) => {
        (await session.run("select range, repeat('x', 1000) from range(2000)")).release();
        expect(engine.stats().cache.entries).toBe(1);
        const asked: number[] = [];
        const forget = engine.onMemoryPressure((bytes) => {
          asked.push(bytes);
          return 7;
        });
        await engine.freeMemory();
        expect(engine.stats().cache).toMatchObject({ entries: 0, bytes: 0 });
        expect(engine.stats().memory.lastCleanUp?.steps[2]).toEqual({ name: 'stored results', freedBytes: 7 });
        expect(asked.length).toBe(1);
        forget();
        await engine.freeMemory();
        expect(asked.length).toBe(1);
      },
      { cache: { minCostMs: 0 } },
    );
  });

  it('drops cache entries when the process is near its ceiling', async () => {
    const held = Buffer.alloc(300 * MIB, 1);
    const ceilingBytes = process.memoryUsage.rss() / 0.9;
    await withSession(
      async (session, engine) => {
        (await session.run("select range, repeat('x', 1000) from range(2000)")).release();
        const { cache, memory } = await engine.sampleMemory();
        expect(memory.pressure).toEqual({ level: 'high', source: 'the ceiling is near' });
        expect(cache.entries).toBe(0);
      },
      { memory: { ceilingBytes } },
    );
    expect(held.length).toBeGreaterThan(0);
  });
});
