import { KodiakError } from '../../engine/base/errors.ts';
import type { Progress } from '../../engine/types.ts';
import type { RunningQuery } from '../protocol/activity.ts';

/** Characters of a statement that are worth looking at in a list. */
const MAX_SQL = 1_000;
const MAX_FROM = 80;

/** As much of a statement as a list has room for. */
export function beginningOf(sql: string, maxLength = MAX_SQL): string {
  const text = sql.trim();
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}

/** What a run is known by. */
export type RunOrigin = Pick<RunningQuery, 'sessionId' | 'sql' | 'label'>;

/** One run, as it tells of itself. */
export class Running {
  readonly id: number;
  readonly origin: RunOrigin;
  readonly #controller = new AbortController();
  readonly #monotonic: () => number;
  readonly #beganAt: number;
  #progress: Progress | undefined;
  #cancelledFrom: string | undefined;

  constructor(id: number, origin: RunOrigin, monotonic: () => number) {
    this.id = id;
    this.origin = origin;
    this.#monotonic = monotonic;
    this.#beganAt = monotonic();
  }

  /** Aborts when somebody else cancels the run. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  progress(progress: Progress): void {
    this.#progress = progress;
  }

  cancel(from: string): void {
    this.#cancelledFrom ??= from.slice(0, MAX_FROM);
    this.#controller.abort();
  }

  /** Says who cancelled the run, where it was not the client itself. */
  explain<Thrown>(thrown: Thrown): Thrown | KodiakError {
    if (this.#cancelledFrom === undefined || !(thrown instanceof KodiakError) || thrown.code !== 'cancelled') return thrown;
    return new KodiakError('cancelled', `The query was cancelled from ${this.#cancelledFrom}.`, { cause: thrown });
  }

  toWire(): RunningQuery {
    const { sessionId, sql, label } = this.origin;
    const { percent, rows = 0, grownBytes = 0, statementIndex = 0, statementCount = 1 } = this.#progress ?? {};
    return {
      id: this.id,
      sessionId,
      ...(label !== undefined && { label }),
      sql: beginningOf(sql),
      elapsedMs: this.#monotonic() - this.#beganAt,
      ...(percent !== undefined && { percent }),
      rows,
      grownBytes,
      statementIndex,
      statementCount,
      ...(this.#cancelledFrom !== undefined && { cancelledFrom: this.#cancelledFrom }),
    };
  }
}

/** All that runs, of whatever client. */
export class RunningQueries {
  readonly #monotonic: () => number;
  readonly #runs = new Map<number, Running>();
  #nextId = 1;

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  begin(origin: RunOrigin): Running {
    const run = new Running(this.#nextId++, origin, this.#monotonic);
    this.#runs.set(run.id, run);
    return run;
  }

  end(run: Running): void {
    this.#runs.delete(run.id);
  }

  /** False when no such run goes on. */
  cancel(id: number, from: string): boolean {
    const run = this.#runs.get(id);
    run?.cancel(from);
    return run !== undefined;
  }

  get count(): number {
    return this.#runs.size;
  }

  /** The oldest ones, oldest first. */
  list(atMost: number): RunningQuery[] {
    return [...this.#runs.values()].slice(0, atMost).map((run) => run.toWire());
  }
}
