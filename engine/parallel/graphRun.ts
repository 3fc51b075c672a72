import type { Timer } from '../base/timers.ts';
import type { CellEdge, CellEffects } from '../types.ts';
import { cellNumber, changesCatalog, edgesTo, UNKNOWN_EFFECTS } from './dependencyGraph.ts';

/** Cells are named by their position. */
export interface GraphTask<Value> {
  readonly count: number;
  /** Cells that run at the same time. */
  readonly maxRunning: number;
  /** How a reason speaks of a cell; default: `cell 3`. */
  readonly nameOf?: (cell: number) => string;
  /**
   * What a cell reads and writes. Asked in the order of cells, one at a time, and only when no cell before it that has not ended
   * changes the catalog: what it says then holds until the cell runs, since a later change of the catalog waits for it. It may be
   * asked while the cell runs, or after it failed, and must then say what it would have said before.
   */
  effectsOf(cell: number): Promise<CellEffects>;
  /** Runs a cell. A rejection is its failure. Without effects, the cell runs in line: all before it have ended. */
  run(cell: number, effects: CellEffects | undefined): Promise<Value>;
  /** Calls back when a cell in line has run for so long that it is worth to look for others to run beside it. */
  whenWorthwhile(look: () => void): Timer;
  /** Cells that have not begun are skipped after an abort; those that run must listen themselves. */
  readonly signal?: AbortSignal | undefined;
}

export type GraphOutcome<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'skipped'; readonly reason: string };

/**
 * Runs cells side by side as far as their order cannot be told from their effects, so that stores and answers are those of one
 * after the other. A cell that fails stops what depends on it, directly or by others, and nothing else. Of the cells that may
 * start, the first starts first. Never rejects; gives one outcome per cell.
 *
 * To analyse a cell can take longer than to run it. So as long as nothing else runs, the next cell runs in line without an analysis;
 * only when it takes its time are it and those after it analysed.
 */
export function runGraph<Value>(
  task: GraphTask<Value>,
  onOutcome?: (cell: number, outcome: GraphOutcome<Value>) => void,
): Promise<GraphOutcome<Value>[]> {
  return new Promise((resolve) => {
    new GraphRun(task, onOutcome, resolve).advance();
  });
}

class GraphRun<Value> {
  readonly #task: GraphTask<Value>;
  readonly #onOutcome: ((cell: number, outcome: GraphOutcome<Value>) => void) | undefined;
  readonly #resolve: (outcomes: GraphOutcome<Value>[]) => void;
  /** Of the first cells, as far as they are known; a cell skipped before it was analysed counts as unknown. */
  readonly #effects: CellEffects[] = [];
  readonly #edges: CellEdge[][] = [];
  readonly #started = new Set<number>();
  readonly #outcomes = new Map<number, GraphOutcome<Value>>();
  readonly #nameOf: (cell: number) => string;
  #running = 0;
  #analysis: Promise<void> | undefined;
  /** Of the cell that runs in line and need not be analysed yet. */
  #patience: Timer | undefined;

  constructor(
    task: GraphTask<Value>,
    onOutcome: ((cell: number, outcome: GraphOutcome<Value>) => void) | undefined,
    resolve: (outcomes: GraphOutcome<Value>[]) => void,
  ) {
    this.#task = task;
    this.#nameOf = task.nameOf ?? cellNumber;
    this.#onOutcome = onOutcome;
    this.#resolve = resolve;
    task.signal?.addEventListener('abort', this.advance, { once: true });
  }

  /** Does all that can be done now; called again whenever a cell or an analysis ends. */
  readonly advance = (): void => {
    const { count, signal } = this.#task;
    this.#skip();
    if (this.#outcomes.size < count) {
      this.#start();
      if (this.#mayRunInLine) void this.#runInLine(this.#effects.length);
      else if (!this.#patience && (this.#running === 0 || this.#task.maxRunning > 1)) this.#analyse();
      return;
    }
    signal?.removeEventListener('abort', this.advance);
    // In the order of cells: the map is in the order in which they ended.
    this.#resolve([...this.#outcomes].sort(([a], [b]) => a - b).map(([, outcome]) => outcome));
  };

  /** Settles the cells that will not run, in their order, so that those which depend on them follow in the same pass. */
  #skip(): void {
    for (let cell = 0; cell < this.#task.count; cell++) {
      if (this.#started.has(cell) || this.#outcomes.has(cell)) continue;
      const reason = this.#task.signal?.aborted ? 'The run was cancelled.' : this.#whyStopped(cell);
      if (reason !== undefined) this.#settle(cell, { kind: 'skipped', reason });
    }
  }

  #whyStopped(cell: number): string | undefined {
    if (this.#effects.length === cell && !this.#analysis) {
      // All after a stopped cell that changes the catalog depend on it, whatever they are.
      const stopper = this.#effects.findIndex((effects, from) => changesCatalog(effects) && this.#hasStopped(from));
      if (stopper >= 0) this.#learn(UNKNOWN_EFFECTS);
    }
    const edge = this.#edges[cell]?.find(({ from }) => this.#hasStopped(from) && leavesTraces(this.#effects[from]));
    if (!edge) return undefined;
    const how = this.#outcomes.get(edge.from)?.kind === 'failed' ? 'failed' : 'was skipped';
    return `${capitalised(this.#nameOf(edge.from))} ${how}, and this cell ${edge.reason}.`;
  }

  #hasStopped(cell: number): boolean {
    const outcome = this.#outcomes.get(cell);
    return outcome !== undefined && outcome.kind !== 'done';
  }

  #start(): void {
    for (const [cell, effects] of this.#effects.entries()) {
      if (this.#running >= this.#task.maxRunning) return;
      if (this.#started.has(cell) || this.#outcomes.has(cell)) continue;
      if (this.#edges[cell]?.every(({ from }) => this.#outcomes.has(from))) void this.#runCell(cell, effects);
    }
  }

  async #runCell(cell: number, effects: CellEffects): Promise<void> {
    this.#started.add(cell);
    this.#running++;
    try {
      this.#settle(cell, { kind: 'done', value: await this.#task.run(cell, effects) });
    } catch (error) {
      this.#settle(cell, { kind: 'failed', error });
    }
    this.#running--;
    this.advance();
  }

  /** What could be started is, so if nothing runs all cells before the next one have ended; after a failure it might depend on that. */
  get #mayRunInLine(): boolean {
    const next = this.#effects.length;
    return this.#running === 0 && !this.#analysis && next < this.#task.count && !this.#effects.some((_, cell) => this.#hasStopped(cell));
  }

  async #runInLine(cell: number): Promise<void> {
    this.#started.add(cell);
    this.#running++;
    // Beside the last cell there is nothing to run.
    if (this.#task.maxRunning > 1 && cell < this.#task.count - 1) {
      this.#patience = this.#task.whenWorthwhile(() => {
        this.#patience = undefined;
        this.advance();
      });
    }
    let outcome: GraphOutcome<Value>;
    try {
      outcome = { kind: 'done', value: await this.#task.run(cell, undefined) };
    } catch (error) {
      outcome = { kind: 'failed', error };
    }
    this.#patience?.dispose();
    this.#patience = undefined;
    if (this.#effects.length === cell) {
      // Nobody asks what a cell that is done has done; of one that failed it decides who is stopped.
      if (outcome.kind === 'failed' && !this.#task.signal?.aborted) this.#analyse();
      await this.#analysis;
      if (this.#effects.length === cell) this.#learn(UNKNOWN_EFFECTS);
    }
    this.#running--;
    this.#settle(cell, outcome);
    this.advance();
  }

  #analyse(): void {
    const cell = this.#effects.length;
    const blocked = this.#effects.some((effects, earlier) => changesCatalog(effects) && !this.#outcomes.has(earlier));
    if (this.#analysis || blocked || cell >= this.#task.count) return;
    this.#analysis = this.#analyseCell(cell).then(() => {
      this.#analysis = undefined;
      this.advance();
    });
  }

  async #analyseCell(cell: number): Promise<void> {
    let effects = UNKNOWN_EFFECTS;
    try {
      effects = await this.#task.effectsOf(cell);
    } catch {
      // Its run will say what is wrong.
    }
    this.#learn(effects);
  }

  #learn(effects: CellEffects): void {
    this.#edges.push(edgesTo(effects, this.#effects.length, this.#effects, this.#nameOf));
    this.#effects.push(effects);
  }

  #settle(cell: number, outcome: GraphOutcome<Value>): void {
    this.#outcomes.set(cell, outcome);
    this.#onOutcome?.(cell, outcome);
  }
}

/** Whether later cells can tell that a cell has run: of one that only reads they cannot, so that it stops none when it fails. */
function leavesTraces(effects: CellEffects | undefined): boolean {
  return effects === undefined || effects.writes === 'unknown' || effects.writes.length > 0 || effects.ddl || effects.session;
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
