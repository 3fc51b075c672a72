import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Timer } from '../../../engine/base/timers.ts';
import { UNKNOWN_EFFECTS } from '../../../engine/parallel/dependencyGraph.ts';
import { type GraphOutcome, runGraph } from '../../../engine/parallel/graphRun.ts';
import type { CellEffects } from '../../../engine/types.ts';

const cell = (fields: Partial<CellEffects> = {}): CellEffects => ({ reads: [], writes: [], session: false, ddl: false, ...fields });

interface Program extends CellEffects {
  readonly fails: boolean;
  /** It reads what the name `alias` stands for, which cells that change the catalog move. */
  readonly readsAlias: boolean;
}

const names = fc.subarray(['a', 'b', 'c', 'd'], { maxLength: 2 });
const program: fc.Arbitrary<Program> = fc.record({
  reads: fc.oneof({ weight: 6, arbitrary: names }, { weight: 1, arbitrary: fc.constant('unknown' as const) }),
  writes: fc.oneof({ weight: 6, arbitrary: names }, { weight: 1, arbitrary: fc.constant('unknown' as const) }),
  session: fc.integer({ max: 3, min: 0 }).map((dice) => dice === 0),
  ddl: fc.integer({ max: 5, min: 0 }).map((dice) => dice === 0),
  fails: fc.integer({ max: 5, min: 0 }).map((dice) => dice === 0),
  readsAlias: fc.boolean(),
});

/** A store whose cells answer with a digest of all they read, and write that digest. */
class World {
  readonly store = new Map<string, string>();
  alias = 'a';

  effectsOf(cell: Program): CellEffects {
    if (!cell.readsAlias || cell.reads === 'unknown') return cell;
    return { ...cell, reads: [...cell.reads, this.alias] };
  }

  read(cell: Program, index: number): string {
    const { reads } = this.effectsOf(cell);
    const read = (reads === 'unknown' ? ['a', 'b', 'c', 'd'] : reads).map((name) => `${name}=${this.store.get(name) ?? ''}`);
    return `${index}(${[...read, ...(cell.session ? [`s=${this.store.get('session') ?? ''}`] : [])].join(',')})`;
  }

  write(cell: Program, answer: string): void {
    const digest = String([...answer].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 1_000_003, 7));
    for (const name of cell.writes === 'unknown' ? ['a', 'b', 'c', 'd'] : cell.writes) this.store.set(name, digest);
    if (cell.session) this.store.set('session', digest);
    if (cell.ddl || cell.writes === 'unknown') this.alias = 'abcd'.charAt(Number(digest) % 4);
  }
}

describe('runGraph', () => {
  it('leaves the stores and answers of one after the other, whatever the timing', { tags: ['slow'] }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(program, { maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        fc.scheduler(),
        async (cells, maxRunning, scheduler) => {
          const world = new World();
          const starts: number[] = [];
          let running = 0;
          const run = runGraph({
            count: cells.length,
            maxRunning,
            effectsOf: async (index) => {
              await scheduler.schedule(Promise.resolve());
              const effects = world.effectsOf(cells[index] as Program);
              await scheduler.schedule(Promise.resolve());
              return effects;
            },
            whenWorthwhile: (look) => {
              let live = true;
              void scheduler.schedule(Promise.resolve()).then(() => live && look());
              return {
                dispose: () => {
                  live = false;
                },
              };
            },
            run: async (index) => {
              const cell = cells[index] as Program;
              starts.push(index);
              expect(++running).toBeLessThanOrEqual(maxRunning);
              await scheduler.schedule(Promise.resolve());
              const answer = world.read(cell, index);
              await scheduler.schedule(Promise.resolve());
              running--;
              // A statement that fails has written nothing.
              if (cell.fails) throw new Error(answer);
              world.write(cell, answer);
              return answer;
            },
          });
          const outcomes = await scheduler.waitFor(run);
          expect(outcomes.length).toBe(cells.length);

          const skipped = new Set(outcomes.flatMap((outcome, index) => (outcome.kind === 'skipped' ? [index] : [])));
          const twin = new World();
          for (const [index, cell] of cells.entries()) {
            if (skipped.has(index)) continue;
            const answer = twin.read(cell, index);
            if (!cell.fails) twin.write(cell, answer);
            expect(outcomes[index]).toEqual(cell.fails ? { kind: 'failed', error: new Error(answer) } : { kind: 'done', value: answer });
          }
          expect(world.store).toEqual(twin.store);
          expect(world.alias).toBe(twin.alias);
          expect([...starts].sort((a, b) => a - b)).toEqual(cells.flatMap((_, index) => (skipped.has(index) ? [] : [index])));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('runs independent cells at the same time, the first ones first', async () => {
    const ends: (() => void)[] = [];
    const starts: number[] = [];
    const run = runGraph({
      count: 5,
      maxRunning: 3,
      effectsOf: async () => cell({ reads: ['a'] }),
      whenWorthwhile: atOnce,
      run: (index) => {
        starts.push(index);
        return new Promise<void>((resolve) => ends.push(resolve));
      },
    });
    await settle();
    expect(starts).toEqual([0, 1, 2]);
    ends[1]?.();
    await settle();
    expect(starts).toEqual([0, 1, 2, 3]);
    for (const end of ends) end();
    await settle();
    ends[4]?.();
    expect((await run).map(({ kind }) => kind)).toEqual(['done', 'done', 'done', 'done', 'done']);
  });

  it('stops what depends on a failure, and nothing else', async () => {
    const outcomes = await runEffects([
      cell({ writes: ['a'] }),
      cell({ reads: ['a'], writes: ['b'] }),
      cell({ reads: ['c'] }),
      cell({ reads: ['b'] }),
    ]);
    expect(outcomes).toEqual([
      { kind: 'failed', error: new Error('no') },
      { kind: 'skipped', reason: 'Cell 1 failed, and this cell reads a, which cell 1 writes.' },
      { kind: 'done', value: 2 },
      { kind: 'skipped', reason: 'Cell 2 was skipped, and this cell reads b, which cell 2 writes.' },
    ]);
  });

  it('lets run what comes after a failed cell that only read', async () => {
    const effects = [cell({ reads: ['a'] }), UNKNOWN_EFFECTS, cell({ writes: ['a'] })];
    const outcomes = await runGraph({
      count: effects.length,
      maxRunning: 2,
      effectsOf: async (index) => effects[index] ?? UNKNOWN_EFFECTS,
      run: async (index) => {
        if (index === 0) throw new Error('no');
        return index;
      },
      whenWorthwhile: () => ({ dispose: () => undefined }),
    });
    expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'done', 'done']);
  });

  it('does not analyse what stands behind a failed cell that may have changed anything', async () => {
    const analysed: number[] = [];
    const outcomes = await runEffects([UNKNOWN_EFFECTS, cell(), cell({ reads: ['a'] })], (index) => analysed.push(index));
    expect(analysed).toEqual([0]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'skipped', 'skipped']);
    expect(outcomes[2]).toEqual({ kind: 'skipped', reason: 'Cell 1 failed, and this cell comes after cell 1, which may change anything.' });
  });

  it('analyses nothing while cells run one after the other and end soon', async () => {
    const ran: number[] = [];
    await runGraph({
      count: 3,
      maxRunning: 2,
      effectsOf: async () => expect.unreachable(),
      whenWorthwhile: () => ({ dispose: () => undefined }),
      run: async (index, effects) => {
        expect(effects).toBeUndefined();
        ran.push(index);
      },
    });
    expect(ran).toEqual([0, 1, 2]);
  });

  it('begins no cell after an abort', async () => {
    const abort = new AbortController();
    const outcomes = await runGraph({
      count: 3,
      maxRunning: 1,
      effectsOf: async () => cell(),
      whenWorthwhile: atOnce,
      run: async (index) => {
        abort.abort();
        return index;
      },
      signal: abort.signal,
    });
    const skipped = { kind: 'skipped', reason: 'The run was cancelled.' };
    expect(outcomes).toEqual([{ kind: 'done', value: 0 }, skipped, skipped]);
  });

  it('has nothing to do for no cells', async () => {
    expect(await runEffects([])).toEqual([]);
  });
});

/** Runs cells of which the first fails and the others give their number. */
function runEffects(cells: readonly CellEffects[], onAnalysis?: (index: number) => void): Promise<GraphOutcome<number>[]> {
  return runGraph({
    count: cells.length,
    maxRunning: 2,
    effectsOf: async (index) => {
      onAnalysis?.(index);
      return cells[index] ?? UNKNOWN_EFFECTS;
    },
    whenWorthwhile: atOnce,
    run: async (index) => {
      if (index === 0) throw new Error('no');
      return index;
    },
  });
}

function atOnce(look: () => void): Timer {
  queueMicrotask(look);
  return { dispose: () => undefined };
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
