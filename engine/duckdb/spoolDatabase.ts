import { join } from 'node:path';
import type { DuckDBAppender, DuckDBConnection, DuckDBInstance, DuckDBMaterializedResult, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { KodiakError, messageOf } from '../base/errors.ts';
import type { Spool } from '../result/chunk.ts';
import type { Row, Value } from '../types.ts';
import { type DuckDB, fieldName } from './binding.ts';
import { NativeChunk } from './nativeChunk.ts';

/**
 * A table in memory takes a block of 256 KiB per column and row group however few rows it has, all at once while it is written:
 * with more columns than this it lies in a file with blocks of 16 KiB instead.
 */
const MANY_COLUMNS = 100;

export interface SpoolOptions {
  readonly memoryLimitBytes: number;
  readonly temporaryFolder: string;
}

/**
 * A DuckDB instance of its own that keeps large results: its memory is limited and counted apart from the user's, and what does
 * not fit spills to disk. Rows are appended in order and never deleted, so a row's `rowid` is its position in the result.
 */
export class SpoolDatabase {
  readonly #instance: DuckDBInstance;
  readonly #reader: DuckDBConnection;
  readonly #read: (value: DuckDBValue) => Value;
  readonly #folder: string;
  /**
   * The reader's queries, one at a time: several on one connection would each hold a thread of libuv while they wait.
   * It is awaited before the instance is closed, because closing under a running query never returns.
   */
  #queue: Promise<unknown> = Promise.resolve();
  #nextTable = 1;
  #wide: Promise<string> | undefined;
  #closed = false;

  private constructor(instance: DuckDBInstance, reader: DuckDBConnection, read: (value: DuckDBValue) => Value, folder: string) {
    this.#folder = folder;
    this.#instance = instance;
    this.#reader = reader;
    this.#read = read;
  }

  static async open(duckdb: DuckDB, options: SpoolOptions, read: (value: DuckDBValue) => Value): Promise<SpoolDatabase> {
    const instance = await duckdb.DuckDBInstance.create(':memory:', {
      memory_limit: `${Math.floor(options.memoryLimitBytes / 1024)}KiB`,
      threads: '1',
      temp_directory: options.temporaryFolder,
    });
    return new SpoolDatabase(instance, await instance.connect(), read, options.temporaryFolder);
  }

  /** An empty spool for rows of these types. */
  async createSpool(types: readonly DuckDBType[]): Promise<Spool<NativeChunk>> {
    if (this.#closed) throw new KodiakError('unavailable', 'The engine is closed.');
    const name = `r${this.#nextTable++}`;
    const catalog = types.length > MANY_COLUMNS ? await this.#wideCatalog() : 'memory';
    const table = `${catalog}.main.${name}`;
    const columns = types.map((type, index) => `c${index} ${nameFields(type.toString())}`).join(', ');
    const writer = await this.#instance.connect();
    try {
      await writer.run(`create table ${table} (${columns})`);
      const appender = await writer.createAppender(name, 'main', catalog);
      return new TableSpool(this, table, writer, appender);
    } catch (thrown) {
      writer.closeSync();
      throw new KodiakError('bug', `A result with these column types cannot be kept: ${messageOf(thrown)}`, { cause: thrown });
    }
  }

  /** A database in a file with small blocks, for results with many columns. */
  #wideCatalog(): Promise<string> {
    this.#wide ??= this.#query(`attach '${join(this.#folder, 'wide.duckdb').replaceAll("'", "''")}' as wide (block_size 16384)`).then(
      () => 'wide',
    );
    return this.#wide;
  }

  async readRows(table: string, offset: number, limit: number): Promise<Row[]> {
    if (this.#closed) throw new KodiakError('unavailable', 'The engine is closed.');
    const sql = `select * from ${table} where rowid between ${offset} and ${offset + limit - 1} order by rowid`;
    const result = await this.#query(sql).catch((thrown) => {
      throw limitError('These rows of the result do not fit into memory', thrown);
    });
    const types = result.columnTypes();
    const rows: Row[] = [];
    for (let index = 0; index < result.chunkCount; index++) {
      const chunk = new NativeChunk(result.getChunk(index), types, this.#read);
      for (const row of chunk.readRows(0, chunk.rowCount)) rows.push(row);
    }
    return rows;
  }

  dropTable(table: string): void {
    if (this.#closed) return;
    // A table that cannot be dropped only costs space until the instance closes.
    void this.#query(`drop table if exists ${table}`).catch(() => undefined);
  }

  /** Bytes in memory and on disk. */
  async measure(): Promise<{ memoryBytes: number; spillBytes: number }> {
    if (this.#closed) return { memoryBytes: 0, spillBytes: 0 };
    const sql = 'select sum(memory_usage_bytes)::double, sum(temporary_storage_bytes)::double from duckdb_memory()';
    const result = await this.#query(sql);
    const [memory, spill] = result.getChunk(0).getRowValues(0);
    return { memoryBytes: Number(memory), spillBytes: Number(spill) };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#queue;
    this.#reader.closeSync();
    this.#instance.closeSync();
  }

  #query(sql: string): Promise<DuckDBMaterializedResult> {
    const turn = this.#queue.then(() => this.#reader.run(sql));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

class TableSpool implements Spool<NativeChunk> {
  readonly #database: SpoolDatabase;
  readonly #table: string;
  readonly #writer: DuckDBConnection;
  #appender: DuckDBAppender | undefined;

  constructor(database: SpoolDatabase, table: string, writer: DuckDBConnection, appender: DuckDBAppender) {
    this.#database = database;
    this.#table = table;
    this.#writer = writer;
    this.#appender = appender;
  }

  append(chunk: NativeChunk): void {
    this.#guard(() => this.#appender?.appendDataChunk(chunk.native));
  }

  flush(): void {
    this.#guard(() => this.#appender?.flushSync());
  }

  readRows(offset: number, limit: number): Promise<Row[]> {
    return this.#database.readRows(this.#table, offset, limit);
  }

  finish(): void {
    if (!this.#appender) return;
    this.#guard(() => this.#appender?.closeSync());
    this.#appender = undefined;
    this.#writer.closeSync();
  }

  drop(): void {
    if (this.#appender) {
      // What was not flushed is thrown away: closing would write it first.
      this.#appender.clear();
      this.#appender.closeSync();
      this.#appender = undefined;
      this.#writer.closeSync();
    }
    this.#database.dropTable(this.#table);
  }

  #guard(write: () => void): void {
    try {
      write();
    } catch (thrown) {
      throw limitError('The result does not fit into memory and temporary disk space', thrown);
    }
  }
}

/** A table's column cannot be an unnamed STRUCT: `STRUCT("" INTEGER, "" VARCHAR)` becomes `STRUCT("1" INTEGER, "2" VARCHAR)`. */
function nameFields(type: string): string {
  const fields: number[] = [];
  return type.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[()]/g, (token) => {
    if (token === '(') fields.push(0);
    else if (token === ')') fields.pop();
    else if (token === '""') {
      const index = fields.pop() ?? 0;
      fields.push(index + 1);
      return `"${fieldName('', index)}"`;
    }
    return token;
  });
}

function limitError(problem: string, thrown: unknown): KodiakError {
  const message = `${problem} (kodiak.results.memoryMegabytes): ${messageOf(thrown)}`;
  return new KodiakError('limit', message, { setting: 'kodiak.results.memoryMegabytes', cause: thrown });
}
