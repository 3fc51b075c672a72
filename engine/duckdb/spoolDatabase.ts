import type { DuckDBConnection, DuckDBInstance, DuckDBMaterializedResult, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { KodiakError, messageOf } from '../base/errors.ts';
import { literal } from '../base/sqlText.ts';
import type { Spool } from '../result/chunk.ts';
import type { ParameterValue, Row, Value } from '../types.ts';
import type { DuckDB } from './binding.ts';
import { bindParameters } from './bindParameters.ts';
import { interruptOnAbort } from './interruptOnAbort.ts';
import { ALLOCATOR_SETTINGS, limitText } from './memoryLimit.ts';
import { NativeChunk } from './nativeChunk.ts';
import { QueryLine } from './queryLine.ts';
import { storageError } from './storageError.ts';
import { storedName, storedType } from './storedColumns.ts';
import { TableSpool } from './tableSpool.ts';
import { attachWideFile, MANY_COLUMNS, type WideFile } from './wideFile.ts';
import { WorkThreads } from './workThreads.ts';

/** Files that stay, and those with much empty space, are checkpointed when they are whole. DuckDB would do it again and again while rows are appended. */
const NO_CHECKPOINTS = "set checkpoint_threshold = '1TB'; pragma disable_checkpoint_on_shutdown";

/** The table in a file that holds the rows of one result. */
export const ARCHIVE_TABLE = 'rows';

/** Settings of a worker: progress can be read only with the progress bar on, and times with a zone are shown in UTC everywhere. */
const WORKER_SETTINGS =
  "set enable_progress_bar = true; set enable_progress_bar_print = false; set progress_bar_time = 0; set TimeZone = 'UTC'";

export interface SpoolOptions {
  /** For long work, such as sorting and charts. */
  readonly threads: number;
  readonly memoryLimitBytes: number;
  /** Disk space for what does not fit into memory; default: DuckDB's, 90 % of what is free. */
  readonly maxSpillBytes: number | undefined;
  readonly temporaryFolder: string;
  /** Runs long work when there is room beside what else runs. */
  submit<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Rejects when writing this file would harm a database that is open. */
  checkTarget(path: string): Promise<void>;
}

/** A connection lent for one piece of long work. */
export interface Worker {
  readonly connection: DuckDBConnection;
  run(sql: string, params?: readonly ParameterValue[]): Promise<DuckDBMaterializedResult>;
}

/**
 * A DuckDB instance of its own that keeps large results: its memory is limited and counted apart from the user's, and what does
 * not fit spills to disk. Rows are appended in order and never deleted, so a row's `rowid` is its position in the result.
 */
export class SpoolDatabase {
  readonly duckdb: DuckDB;
  readonly read: (value: DuckDBValue) => Value;
  readonly options: SpoolOptions;
  readonly #instance: DuckDBInstance;
  /** Pages of results, and pages of views, which can take a second: neither waits for the other. */
  readonly #pages: QueryLine;
  readonly #viewPages: QueryLine;
  /** Changes to settings and packing, for which no page has to wait. */
  readonly #settings: QueryLine;
  readonly #packing: QueryLine;
  readonly #threads: WorkThreads;
  readonly #closing = new AbortController();
  readonly #works = new Set<Promise<unknown>>();
  #nextTable = 1;

  private constructor(duckdb: DuckDB, options: SpoolOptions, read: (value: DuckDBValue) => Value, native: SpoolParts) {
    this.duckdb = duckdb;
    this.options = options;
    this.read = read;
    this.#instance = native.instance;
    this.#pages = new QueryLine(native.pages);
    this.#viewPages = new QueryLine(native.viewPages);
    this.#settings = new QueryLine(native.settings);
    this.#packing = new QueryLine(native.packing);
    this.#threads = new WorkThreads(options.threads, (threads) => this.#setThreads(threads));
  }

  static async open(duckdb: DuckDB, options: SpoolOptions, read: (value: DuckDBValue) => Value): Promise<SpoolDatabase> {
    const instance = await duckdb.DuckDBInstance.create(':memory:', {
      memory_limit: limitText(options.memoryLimitBytes),
      threads: '1',
      temp_directory: options.temporaryFolder,
      ...ALLOCATOR_SETTINGS,
    });
    const pages = await instance.connect();
    await pages.run(NO_CHECKPOINTS);
    // As an option of the instance it would be shown, but not kept to.
    if (options.maxSpillBytes !== undefined)
      await pages.run(`set max_temp_directory_size = '${Math.floor(options.maxSpillBytes / 1024)}KiB'`);
    const [viewPages, settings, packing] = [await instance.connect(), await instance.connect(), await instance.connect()];
    return new SpoolDatabase(duckdb, options, read, { instance, pages, viewPages, settings, packing });
  }

  /** An empty spool for rows of these types. */
  async createSpool(types: readonly DuckDBType[]): Promise<Spool<NativeChunk>> {
    this.#checkOpen();
    const name = this.newName('r');
    const columns = types.map((type, index) => `${storedName(index)} ${storedType(type)}`).join(', ');
    const writer = await this.#instance.connect();
    let wide: WideFile | undefined;
    try {
      if (types.length > MANY_COLUMNS) wide = await this.#attachWide(types.length);
      const catalog = wide?.catalog ?? 'memory';
      const table = `${catalog}.main.${name}`;
      await writer.run(`create table ${table} (${columns})`);
      const appender = await writer.createAppender(name, 'main', catalog);
      return new TableSpool(this, { table, types, filling: { writer, appender }, ...wide?.events });
    } catch (thrown) {
      writer.closeSync();
      wide?.events.onDrop();
      const failure = storageError('The result cannot be kept', thrown);
      if (failure.code !== 'sql') throw failure;
      throw new KodiakError('bug', `A result with these column types cannot be kept: ${messageOf(thrown)}`, { cause: thrown });
    }
  }

  newName(prefix: string): string {
    return `${prefix}${this.#nextTable++}`;
  }

  /** A page of a result. */
  readPage(sql: string): Promise<Row[]> {
    return this.#readRows(this.#pages, sql);
  }

  /** A page of a view. */
  readViewPage(sql: string): Promise<Row[]> {
    return this.#readRows(this.#viewPages, sql);
  }

  /**
   * Lends a connection of its own for work in one thread, more while other work has them, when there is room for it. Rejects with
   * `cancelled` after an abort, which interrupts what runs; closing the database is one.
   */
  async work<T>(signal: AbortSignal | undefined, problem: string, task: (worker: Worker) => Promise<T>): Promise<T> {
    this.#checkOpen();
    const either = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    return await this.track(this.options.submit(() => this.#threads.hold(() => this.#lend(either, problem, task)), either));
  }

  /** As `work`, in all threads that there may be: for what looks at all rows while somebody waits. */
  async spreadWork<T>(signal: AbortSignal | undefined, problem: string, task: (worker: Worker) => Promise<T>): Promise<T> {
    return await this.work(signal, problem, (worker) => this.#threads.spread(() => task(worker)));
  }

  /** Lets `close` wait for work that has something to tidy up after its queries. */
  async track<T>(work: Promise<T>): Promise<T> {
    this.#works.add(work);
    try {
      return await work;
    } finally {
      this.#works.delete(work);
    }
  }

  /** Opens a file of ours beside the tables in memory, under a name of its own, which it gives. It can be read only. */
  async attachFile(path: string): Promise<{ readonly catalog: string; readonly types: readonly DuckDBType[] }> {
    this.#checkOpen();
    const catalog = this.newName('f');
    await this.#pages.run(`attach ${literal(path)} as ${catalog} (read_only)`);
    try {
      const head = await this.#pages.run(`select * from ${catalog}.main.${ARCHIVE_TABLE} limit 0`);
      return { catalog, types: head.columnTypes() };
    } catch (thrown) {
      await this.detachFile(catalog);
      throw thrown;
    }
  }

  /** Lets go of a file, behind the pages that are still read from it. What was written to it must be checkpointed before. */
  async detachFile(catalog: string): Promise<void> {
    if (this.#closing.signal.aborted) return;
    await this.#pages.run(`detach ${catalog}`);
  }

  /** Lends the table of a file that another database reads, too. Rejects with what keeps it from being read. */
  async withFile<T>(path: string, use: (table: string) => Promise<T>): Promise<T> {
    const { catalog } = await this.attachFile(path).catch((thrown: unknown) => {
      throw storageError(`The kept rows cannot be read (${messageOf(thrown)})`, thrown);
    });
    try {
      return await use(`${catalog}.main.${ARCHIVE_TABLE}`);
    } finally {
      // One that cannot be let go of only costs a handle until the database closes.
      await this.detachFile(catalog).catch(() => undefined);
    }
  }

  /** Drops a table of a result, or of a view, behind the pages that are still read from it. */
  dropTable(table: string, ofView = false): void {
    if (this.#closing.signal.aborted) return;
    // A table that cannot be dropped only costs space until the instance closes.
    void (ofView ? this.#viewPages : this.#pages).run(`drop table if exists ${table}`).catch(() => undefined);
  }

  /** Bytes in memory and on disk. */
  async measure(): Promise<{ memoryBytes: number; spillBytes: number }> {
    if (this.#closing.signal.aborted) return { memoryBytes: 0, spillBytes: 0 };
    const sql = 'select sum(memory_usage_bytes)::double, sum(temporary_storage_bytes)::double from duckdb_memory()';
    const result = await this.#pages.run(sql);
    const [memory, spill] = result.getChunk(0).getRowValues(0);
    return { memoryBytes: Number(memory), spillBytes: Number(spill) };
  }

  /** Interrupts long work and waits for all that runs: closing the instance under a running query never returns. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await Promise.allSettled(this.#works);
    await Promise.all([this.#pages, this.#viewPages, this.#settings, this.#packing].map((line) => line.close()));
    this.#instance.closeSync();
  }

  async #lend<T>(signal: AbortSignal, problem: string, task: (worker: Worker) => Promise<T>): Promise<T> {
    const connection = await this.#instance.connect();
    const stopInterrupting = interruptOnAbort(connection, signal);
    const run = async (sql: string, params: readonly ParameterValue[] = []) => {
      if (signal.aborted) throw cancelled();
      const statement = await connection.prepare(sql);
      try {
        if (params.length > 0) bindParameters(this.duckdb, statement, params);
        return await statement.run();
      } finally {
        statement.destroySync();
      }
    };
    try {
      await connection.run(WORKER_SETTINGS);
      const done = await task({ connection, run });
      return done;
    } catch (thrown) {
      throw signal.aborted ? cancelled(thrown) : storageError(problem, thrown);
    } finally {
      stopInterrupting();
      connection.closeSync();
    }
  }

  async #readRows(line: QueryLine, sql: string): Promise<Row[]> {
    this.#checkOpen();
    const result = await this.#threads
      .hold(() => line.run(sql))
      .catch((thrown: unknown) => {
        throw storageError('These rows of the result cannot be read', thrown);
      });
    const types = result.columnTypes();
    const rows: Row[] = [];
    for (let index = 0; index < result.chunkCount; index++) {
      const chunk = new NativeChunk(result.getChunk(index), types, this.read);
      for (const row of chunk.readRows(0, chunk.rowCount)) rows.push(row);
    }
    return rows;
  }

  async #setThreads(threads: number): Promise<void> {
    if (!this.#closing.signal.aborted) await this.#settings.run(`set threads = ${threads}`);
  }

  #attachWide(columnCount: number): Promise<WideFile> {
    const host = {
      temporaryFolder: this.options.temporaryFolder,
      newName: (prefix: string) => this.newName(prefix),
      attach: (sql: string) => this.#pages.run(sql),
      pack: (catalog: string) => this.#pack(catalog),
      detach: (catalog: string) => this.detachFile(catalog),
    };
    return attachWideFile(host, columnCount);
  }

  /** Without it the rows only take more memory. */
  async #pack(catalog: string): Promise<void> {
    if (!this.#closing.signal.aborted) await this.#packing.run(`checkpoint ${catalog}`).catch(() => undefined);
  }

  #checkOpen(): void {
    if (this.#closing.signal.aborted) throw new KodiakError('unavailable', 'The engine is closed.');
  }
}

interface SpoolParts {
  readonly instance: DuckDBInstance;
  readonly pages: DuckDBConnection;
  readonly viewPages: DuckDBConnection;
  readonly settings: DuckDBConnection;
  readonly packing: DuckDBConnection;
}

function cancelled(cause?: unknown): KodiakError {
  return new KodiakError('cancelled', 'The query was cancelled.', { cause });
}
