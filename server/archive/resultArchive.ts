import type { Clock } from '../../engine/base/clock.ts';
import { messageOf } from '../../engine/base/errors.ts';
import { openArchiveReader } from '../../engine/engine.ts';
import type { Engine, Freshness, Reading, Result } from '../../engine/types.ts';
import type { EarlierReading } from '../freshnessFeed.ts';
import type { Log } from '../log.ts';
import { cellKey } from '../protocol/archive.ts';
import type { CheckResultsResult, KeepResultsParams } from '../protocol/requests.ts';
import type { ResultRegistry } from '../resultRegistry.ts';
import { ArchiveKeeper } from './archiveKeeper.ts';
import { ArchiveStore } from './archiveStore.ts';
import { summary } from './freshnessSummary.ts';

/** Outputs of more cells than this are not worth the look at each of them. */
const MAX_CELLS = 2000;

const MAX_EARLIER = 5000;

export interface ResultArchiveOptions {
  /** Undefined where the client has no place for it: nothing is kept then. */
  readonly folder: string | undefined;
  /** 0: nothing is kept, and what is there is removed. */
  readonly maxBytes: number;
  readonly database: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly engine: () => Engine | undefined;
  /** Whether what a statement read is still so, by its record. */
  readonly freshnessOf: (record: unknown) => Freshness;
  /** What a statement of this server read. */
  readonly readingOf: (resultId: string) => Reading | undefined;
  /** Told once when nothing is kept any more because the disk is full or fails. */
  readonly onStopped: (message: string) => void;
}

/** Outputs of notebook cells on disk, for notebooks that are opened again and for grids whose server ended. */
export class ResultArchive {
  readonly #options: ResultArchiveOptions;
  readonly #store: ArchiveStore | undefined;
  readonly #keeper: ArchiveKeeper | undefined;
  /** What results of earlier runs were read from, so that each cell is read once. */
  readonly #earlier = new Map<string, EarlierReading>();
  readonly #reader: ReturnType<typeof openArchiveReader>;

  constructor(options: ResultArchiveOptions) {
    this.#options = options;
    const { engine, log, clock, onStopped } = options;
    this.#store = this.#openStore();
    this.#keeper = this.#store && new ArchiveKeeper({ store: this.#store, engine, clock, log, onStopped });
    this.#reader = openArchiveReader({
      checkTarget: async (path) => await engine()?.checkExportTarget(path),
      onUnreadable: (path, error) => {
        log(`A kept output is removed: ${error.message}`);
        this.#store?.removeRows(path);
      },
    });
  }

  /** A script begins to run; each needs its `runEnded`. */
  runBegan(): void {
    this.#keeper?.runBegan();
  }

  runEnded(): void {
    this.#keeper?.runEnded();
  }

  /** Somebody looks at rows of a result. */
  looked(): void {
    this.#keeper?.looked();
  }

  /** Keeps what a cell shows, in the background. Results that are gone already are kept without more rows than they came with. */
  keep({ ranAt, outcome, ...place }: KeepResultsParams, registry: ResultRegistry): void {
    if (!this.#keeper) return;
    const key = cellKey({ ...place, database: this.#options.database });
    const { pin } = place;
    if (pin !== undefined && this.#guarded(() => this.#keepAgain(key, pin, ranAt))) return;
    const results = new Map<string, Result>();
    for (const { result } of outcome.statements) {
      const held = registry.find(result.resultId);
      if (held && !held.view && held.result.complete && held.result.columns.length > 0) results.set(result.resultId, held.result.share());
    }
    const read = outcome.statements.map(({ result }) => this.#options.readingOf(result.resultId));
    const readings = async () => await Promise.all(read.map(async (reading) => await reading?.record()));
    this.#keeper.keep({ key, ranAt, outcome, results, readings });
  }

  /** A result whose rows are on disk is not written a second time. False where they are not. */
  #keepAgain(key: string, resultId: string, ranAt: number): boolean {
    const found = this.#store?.find(resultId);
    const index = found?.cell.outcome.statements.findIndex(({ result }) => result.resultId === resultId) ?? -1;
    const statement = found?.cell.outcome.statements[index];
    if (found === undefined || statement === undefined) return false;
    const { elapsedMs } = statement;
    const stored = found.cell.stored[resultId];
    const cell = {
      ranAt,
      outcome: { statements: [statement], elapsedMs },
      stored: stored ? { [resultId]: stored } : {},
      readings: [found.cell.readings[index]],
    };
    this.#store?.putAgain(key, cell, [{ resultId, fingerprint: found.fingerprint }]);
    return true;
  }

  /** The result with this handle, if its rows are on disk. */
  reopen(resultId: string): Result | undefined {
    const found = this.#guarded(() => this.#store?.find(resultId));
    const statement = found?.cell.outcome.statements.find(({ result }) => result.resultId === resultId);
    if (!found || !statement) return undefined;
    const { kind, start, end, elapsedMs, rowsChanged, result } = statement;
    const { columns, rowCount, truncated, provenance } = result;
    const { rows, bytes } = found.cell.stored[resultId] ?? { rows: rowCount, bytes: 0 };
    return this.#reader.open({
      path: found.path,
      columns,
      kind,
      range: { start, end },
      rowCount: rows,
      bytes,
      truncated,
      rowsChanged,
      elapsedMs,
      provenance: { kind: 'run', reason: provenance.reason },
    });
  }

  /** Whether the sources of a cell's results changed since its run. A cell that is asked for counts as used. */
  check(key: string): CheckResultsResult {
    const cell = isKey(key) ? this.#guarded(() => this.#store?.read(key)) : undefined;
    if (cell === undefined) return { state: 'unknown', reason: 'the outputs are no longer kept' };
    this.#store?.used(key);
    return summary(cell.readings.map((record) => this.#options.freshnessOf(record)));
  }

  /** What the statement read whose result has this handle. */
  readingOf(resultId: string): EarlierReading | undefined {
    const known = this.#earlier.get(resultId);
    if (known) return known;
    const cell = this.#guarded(() => this.#store?.cellOf(resultId));
    const index = cell?.outcome.statements.findIndex(({ result }) => result.resultId === resultId);
    if (cell === undefined || index === undefined || index < 0) return undefined;
    // Nothing tells of changes in files, so that what may have read some is looked at from time to time.
    const record = cell.readings[index];
    const reading = { readsFiles: true, freshness: async () => this.#options.freshnessOf(record) };
    if (this.#earlier.size >= MAX_EARLIER) this.#earlier.clear();
    this.#earlier.set(resultId, reading);
    return reading;
  }

  drop(keys: readonly string[]): void {
    for (const key of keys) {
      if (!isKey(key)) continue;
      this.#keeper?.drop(key);
      this.#guarded(() => this.#store?.drop(key));
    }
  }

  /** Removes everything; gives the number of cells. */
  async forget(): Promise<number> {
    await this.#keeper?.forget();
    return this.#store?.clear() ?? 0;
  }

  async close(): Promise<void> {
    await this.#keeper?.close();
    await this.#reader.close();
  }

  #guarded<T>(look: () => T): T | undefined {
    try {
      return look();
    } catch (thrown) {
      this.#options.log(`Kept outputs cannot be read: ${messageOf(thrown)}`);
      return undefined;
    }
  }

  #openStore(): ArchiveStore | undefined {
    const { folder, maxBytes, log, clock } = this.#options;
    if (folder === undefined) return undefined;
    const store = new ArchiveStore({ folder, maxBytes, maxCells: MAX_CELLS, log, now: () => clock.now() });
    try {
      if (maxBytes === 0) store.clear();
      else store.open();
      return maxBytes === 0 ? undefined : store;
    } catch (thrown) {
      log(`Outputs are not kept on disk: ${messageOf(thrown)}`);
      return undefined;
    }
  }
}

function isKey(key: unknown): key is string {
  return typeof key === 'string' && /^[0-9a-f]{64}$/.test(key);
}
