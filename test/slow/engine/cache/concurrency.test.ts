import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineOptions, Provenance, Session } from '../../../../engine/types.ts';
import { withEngine } from '../../../support/engines.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

/** Writers, each with a table of its own whose only value grows. */
const WRITERS = 2;
const READERS = 3;
const ROUNDS = 30;
const WRITES_PER_ROUND = 4;
const READS_PER_ROUND = 8;
/** Written in transactions that are rolled back: nobody may ever see it. */
const NEVER = 1_000_000;

/** What a writer promises: `acknowledged` is committed and answered, `attempted` may be committed. */
interface Ledger {
  acknowledged: number;
  attempted: number;
}

interface Read {
  readonly sql: string;
  readonly provenance: Provenance;
}

async function write(session: Session, table: string, ledger: Ledger, form: number): Promise<void> {
  const value = ledger.attempted + 1;
  const run = async (sql: string) => (await session.run(sql)).release();
  switch (form % 6) {
    case 0:
      ledger.attempted = value;
      await run(`update ${table} set v = ${value}`);
      break;
    case 1:
      await run('begin');
      await run(`delete from ${table}`);
      await run(`insert into ${table} values (${value})`);
      ledger.attempted = value;
      await run('commit');
      break;
    case 2:
      ledger.attempted = value;
      await run(`create or replace table ${table} as select ${value} v`);
      break;
    case 3:
      await run('begin');
      await run(`update ${table} set v = ${NEVER}`);
      await run('rollback');
      return;
    case 4:
      ledger.attempted = value;
      await run(`begin; update ${table} set v = v + ${NEVER}; update ${table} set v = ${value}; commit`);
      break;
    case 5:
      ledger.attempted = value;
      await run(`prepare grow as update ${table} set v = $1; execute grow(${value}); deallocate grow`);
      break;
  }
  ledger.acknowledged = value;
}

/** Asks for the values of all writers in several ways; each answer must lie between what was acknowledged before and attempted after. */
async function read(session: Session, ledgers: readonly Ledger[], seen: number[], form: number): Promise<Read> {
  const which = form % WRITERS;
  const question =
    form % 4 === 3
      ? { sql: 'select w0.v, w1.v from w0, w1', writers: [0, 1] }
      : form % 4 === 2
        ? { sql: 'from latest', writers: [0, 1] }
        : { sql: `select max(v) from w${which}`, writers: [which] };
  const before = ledgers.map(({ acknowledged }) => acknowledged);
  const result = await session.run(question.sql);
  const [row] = await result.page(0, 1);
  result.release();
  for (const [column, writer] of question.writers.entries()) {
    const value = Number(row?.[column]);
    expect(value, `${question.sql} (${result.provenance.kind}): not older than what was acknowledged`).toBeGreaterThanOrEqual(
      before[writer] ?? 0,
    );
    expect(value, `${question.sql} (${result.provenance.kind}): not older than what this reader saw`).toBeGreaterThanOrEqual(
      seen[writer] ?? 0,
    );
    expect(value, `${question.sql} (${result.provenance.kind}): nothing that was rolled back`).toBeLessThanOrEqual(
      ledgers[writer]?.attempted ?? 0,
    );
    seen[writer] = value;
  }
  return { sql: question.sql, provenance: result.provenance };
}

async function race(options: EngineOptions): Promise<void> {
  const cache = { minCostMs: 0 } as NonNullable<EngineOptions['cache']>;
  await withEngine({ ...options, cache }, async (engine) => {
    const ledgers: Ledger[] = Array.from({ length: WRITERS }, () => ({ acknowledged: 0, attempted: 0 }));
    const writers = await Promise.all(ledgers.map(() => engine.openSession()));
    const readers = await Promise.all(Array.from({ length: READERS }, () => engine.openSession()));
    const seen = readers.map(() => ledgers.map(() => 0));
    const [setUp] = writers;
    await setUp?.run('create table w0 as select 0 v; create table w1 as select 0 v; create table still as select 42 v');
    await setUp?.run('create view latest as select (select max(v) from w0) a, (select min(v) from w1) b');
    let reads = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const writing = writers.map(async (session, writer) => {
        for (let turn = 0; turn < WRITES_PER_ROUND; turn++) {
          await write(session, `w${writer}`, ledgers[writer] as Ledger, round * WRITES_PER_ROUND + turn + writer * 3);
        }
      });
      const reading = readers.map(async (session, reader) => {
        for (let turn = 0; turn < READS_PER_ROUND; turn++) {
          await read(session, ledgers, seen[reader] as number[], turn + reader + round);
          const quiet = await session.run('select v from still');
          expect(await quiet.page(0, 2)).toEqual([[42]]);
          quiet.release();
          reads += 2;
        }
      });
      await Promise.all([...writing, ...reading]);
      // The writers rest: each reader asks twice and must see the last word both times.
      await Promise.all(
        readers.map(async (session, reader) => {
          for (const form of [0, 0, 1, 1, 3, 3, 2, 2]) await read(session, ledgers, seen[reader] as number[], form);
          reads += 8;
        }),
      );
      expect(seen.flat()).toEqual(readers.flatMap(() => ledgers.map(({ acknowledged }) => acknowledged)));
    }
    expect(engine.stats().cache.hits, `hits of ${reads} reads`).toBeGreaterThan(reads / 8);
    await Promise.all([...writers, ...readers].map((session) => session.close()));
  });
}

/** A run that began before a write is not shared with one who asks after it. */
async function shareAcrossWrite(): Promise<void> {
  await withEngine({}, async (engine) => {
    const [early, late, writer] = await Promise.all([engine.openSession(), engine.openSession(), engine.openSession()]);
    (await writer.run('create table t as select 1 v')).release();
    const slow = 'select v, (select sum(hash(range)) from range(30000000)) from t';
    const first = early.run(slow);
    while (engine.stats().parallel.running === 0) await new Promise((resolve) => setImmediate(resolve));
    (await writer.run('update t set v = 2')).release();
    const [before, after] = await Promise.all([first, late.run(slow)]);
    expect((await after.page(0, 1))[0]?.[0]).toBe(2);
    expect([1, 2]).toContain((await before.page(0, 1))[0]?.[0]);
    for (const result of [before, after]) result.release();
    await Promise.all([early, late, writer].map((session) => session.close()));
  });
}

describe('no reader sees less than what was acknowledged before it asked', () => {
  it('in memory', async () => {
    await race({});
  });

  it('when runs are shared', shareAcrossWrite);

  it('in a file', async () => {
    await race({ database: join(temporaryFolder(), 'race.duckdb') });
  });
});
