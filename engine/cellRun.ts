import { runApart } from './apartRun.ts';
import type { Clock } from './base/clock.ts';
import { type KodiakError, ScriptError } from './base/errors.ts';
import { after } from './base/timers.ts';
import { Turns } from './base/turns.ts';
import { type CellSession, cleanSession, effectsOf } from './cellEffects.ts';
import type { Connection } from './duckdb/connection.ts';
import { translateFailure } from './duckdb/failure.ts';
import { changesCatalog } from './parallel/dependencyGraph.ts';
import { type GraphOutcome, runGraph } from './parallel/graphRun.ts';
import type { Lease } from './pool/lease.ts';
import type { RunContext } from './queryRun.ts';
import type { Cell, CellEffects, CellOutcome, CellRunOptions, ParallelStats, Result } from './types.ts';

/** Where a run of cells finds further connections, and where it tells how it went. */
export interface CellWorkers {
  /** Connections on which one run may run cells beside the session's own. */
  readonly max: number;
  /** A connection for a while, or undefined when none can be spared now. */
  lease(cwd: string | undefined): Promise<Lease<Connection> | undefined>;
  onRun(run: NonNullable<ParallelStats['lastRun']>): void;
}

interface CellEnd {
  readonly results: readonly Result[];
  readonly failure?: KodiakError;
  readonly elapsedMs: number;
}

/** A cell that ends sooner is not worth the analysis of itself and its neighbours, nor a connection more. */
export const CELL_PATIENCE_MS = 4;

/**
 * Runs cells with the answers of one after the other. What is known to only read tables and files runs on connections lent for the
 * run, which answer as the session's own does while that has no state of its own; all else runs on the session's own, one at a
 * time. Plans are made on one more connection, if there is one. `runHere` runs a cell on the session's own.
 */
export async function runCells(
  context: RunContext,
  session: CellSession,
  cells: readonly Cell[],
  options: CellRunOptions & { readonly signal: AbortSignal },
  workers: CellWorkers,
  runHere: (cell: Cell) => Promise<Result[]>,
): Promise<CellOutcome[]> {
  const { clock } = context;
  const started = clock.monotonic();
  const lent = new Workers(workers, session.cwd);
  const here = new Turns();
  let planning: Promise<unknown> = Promise.resolve();
  let sumMs = 0;
  const outcomes: CellOutcome[] = new Array(cells.length);
  const cellAt = (index: number): Cell => cells[index] ?? { id: '', sql: '' };
  const end = async (run: () => Promise<Result[]>): Promise<CellEnd> => {
    const ended = await timed(clock, run);
    sumMs += ended.elapsedMs;
    return ended;
  };
  const analyse = async (index: number): Promise<CellEffects> => {
    const cell = cellAt(index);
    const planner = session.own() ? undefined : await lent.planner();
    if (planner) {
      const clean = cleanSession(session, planner.resource, (name) => session.isNamed(name));
      return await effectsOf(context, clean, cell, cells);
    }
    return await here.take(() => effectsOf(context, session, cell, cells));
  };
  const run = async (index: number, effects: CellEffects | undefined): Promise<CellEnd> => {
    const cell = cellAt(index);
    const worker = runsApart(effects) ? await lent.take() : undefined;
    if (!worker) return await here.take(() => end(() => runHere(cell)));
    try {
      return await end(() => runApart(context, cleanSession(session, worker.resource), cell.sql, options));
    } finally {
      lent.putBack(worker);
    }
  };
  try {
    await runGraph<CellEnd>(
      {
        count: cells.length,
        nameOf: (index) => cellAt(index).name ?? `cell ${index + 1}`,
        maxRunning: workers.max + 1,
        effectsOf: (index) => {
          const analysis = analyse(index);
          planning = analysis.catch(() => undefined);
          return analysis;
        },
        whenWorthwhile: (look) => after(CELL_PATIENCE_MS, look),
        run: async (index, effects) => failOnFailure(await run(index, effects)),
        signal: options.signal,
      },
      (index, outcome) => {
        const told = describeOutcome(cellAt(index).id, outcome);
        outcomes[index] = told;
        options.onCell?.(told);
      },
    );
  } finally {
    // After an abort a plan may still be in the making, and closing under it would never return.
    await planning;
    await here.ended;
    await lent.giveBack();
  }
  const elapsedMs = clock.monotonic() - started;
  workers.onRun({ cells: cells.length, elapsedMs, sumMs, speedUp: elapsedMs > 0 ? sumMs / elapsedMs : 1 });
  return outcomes;
}

/** Whether a cell answers the same on any connection, and beside any other. */
export function runsApart(effects: CellEffects | undefined): boolean {
  return effects !== undefined && !effects.session && !changesCatalog(effects) && effects.writes.length === 0;
}

/** Connections that a run of cells has borrowed; those free now are used again. */
export class Workers {
  readonly #workers: CellWorkers;
  readonly #cwd: string | undefined;
  readonly #free: Lease<Connection>[] = [];
  readonly #all: Lease<Connection>[] = [];
  #asked = 0;
  #planner: Promise<Lease<Connection> | undefined> | undefined;

  constructor(workers: CellWorkers, cwd: string | undefined) {
    this.#workers = workers;
    this.#cwd = cwd;
  }

  async take(): Promise<Lease<Connection> | undefined> {
    let lease = this.#free.pop();
    if (!lease && this.#asked < this.#workers.max) {
      this.#asked++;
      lease = await this.#lease();
    }
    if (lease) lease.running = 'a cell';
    return lease;
  }

  /** For plans, one at a time. */
  planner(): Promise<Lease<Connection> | undefined> {
    this.#planner ??= this.#workers.max > 0 ? this.#lease() : Promise.resolve(undefined);
    return this.#planner;
  }

  putBack(lease: Lease<Connection>): void {
    lease.running = undefined;
    this.#free.push(lease);
  }

  async #lease(): Promise<Lease<Connection> | undefined> {
    const lease = await this.#workers.lease(this.#cwd);
    if (lease) this.#all.push(lease);
    return lease;
  }

  async giveBack(): Promise<void> {
    await Promise.all(this.#all.map((lease) => lease.giveBack()));
  }
}

async function timed(clock: Clock, run: () => Promise<Result[]>): Promise<CellEnd> {
  const started = clock.monotonic();
  try {
    return { results: await run(), elapsedMs: clock.monotonic() - started };
  } catch (thrown) {
    const results = thrown instanceof ScriptError ? (thrown.results as readonly Result[]) : [];
    return { results, failure: translateFailure(thrown), elapsedMs: clock.monotonic() - started };
  }
}

/** A cell that failed, on its way through the graph. */
class CellFailure extends Error {
  readonly end: CellEnd;

  constructor(end: CellEnd) {
    super('A cell failed.');
    this.end = end;
  }
}

function failOnFailure(end: CellEnd): CellEnd {
  if (end.failure) throw new CellFailure(end);
  return end;
}

function describeOutcome(id: string, outcome: GraphOutcome<CellEnd>): CellOutcome {
  switch (outcome.kind) {
    case 'done':
      return { id, kind: 'done', results: outcome.value.results, elapsedMs: outcome.value.elapsedMs };
    case 'skipped':
      return { id, kind: 'skipped', reason: outcome.reason };
    case 'failed': {
      const { error } = outcome;
      if (!(error instanceof CellFailure)) return { id, kind: 'failed', results: [], error: translateFailure(error), elapsedMs: 0 };
      return {
        id,
        kind: 'failed',
        results: error.end.results,
        error: error.end.failure ?? translateFailure(error),
        elapsedMs: error.end.elapsedMs,
      };
    }
  }
}
