import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { KodiakError, messageOf } from '../base/errors.ts';
import type { Value } from '../types.ts';
import { type DuckDB, loadDuckdb } from './binding.ts';
import { Connection } from './connection.ts';
import { translateFailure } from './failure.ts';
import { ALLOCATOR_SETTINGS, limitText } from './memoryLimit.ts';
import { createValueReader } from './readValue.ts';
import { StatementCount } from './statementCount.ts';

const MEMORY_DATABASE = ':memory:';

export interface DatabaseOptions {
  readonly database: string;
  readonly readOnly: boolean;
  readonly threads: number;
  readonly memoryLimitBytes: number;
  readonly temporaryFolder: string;
}

/**
 * Files open in this process. A second instance on a file would be allowed, and closing it would silently give up the file's
 * lock: POSIX locks belong to the process and vanish when it closes any descriptor of the file.
 */
const openFiles = new Set<string>();

/** One open DuckDB database: the file and its lock. */
export class Database {
  readonly path: string;
  readonly created: boolean;
  readonly duckdb: DuckDB;
  readonly read: (value: DuckDBValue) => Value;
  readonly #instance: DuckDBInstance;
  readonly #count = new StatementCount();

  private constructor(path: string, created: boolean, duckdb: DuckDB, instance: DuckDBInstance) {
    this.path = path;
    this.created = created;
    this.duckdb = duckdb;
    this.#instance = instance;
    this.read = createValueReader(duckdb);
  }

  /** Rejects with `unavailable` when the file is missing, locked, corrupt, a folder, or open already. */
  static async open(options: DatabaseOptions): Promise<Database> {
    const path = locate(options);
    const created = path !== MEMORY_DATABASE && !existsSync(path);
    if (openFiles.has(path)) throw new KodiakError('unavailable', `${path} is open already in this process.`);
    const duckdb = await loadDuckdb();
    if (path !== MEMORY_DATABASE) openFiles.add(path);
    try {
      const instance = await duckdb.DuckDBInstance.create(path, {
        access_mode: options.readOnly && path !== MEMORY_DATABASE ? 'READ_ONLY' : 'AUTOMATIC',
        threads: String(options.threads),
        memory_limit: limitText(options.memoryLimitBytes),
        temp_directory: options.temporaryFolder,
        ...ALLOCATOR_SETTINGS,
      });
      return new Database(path, created, duckdb, instance);
    } catch (thrown) {
      openFiles.delete(path);
      throw openingFailure(path, thrown);
    }
  }

  get version(): string {
    return this.duckdb.version();
  }

  connect(searchFolder?: string): Promise<Connection> {
    return Connection.open(this.duckdb, this.#instance, this.read, this.#count, searchFolder);
  }

  /** True when DuckDB ran a statement that no connection of this process submitted. `connection` must be idle. */
  ranUnnoticed(connection: Connection): Promise<boolean> {
    return this.#count.isExceeded(async () => Number((await connection.rows('select current_query_id()'))[0]?.[0]));
  }

  /** All connections must be closed before: a query that still runs would keep this from returning. */
  close(): void {
    this.#instance.closeSync();
    openFiles.delete(this.path);
  }
}

/** The real path, so that two names of one file are one file. */
function locate(options: DatabaseOptions): string {
  if (options.database === MEMORY_DATABASE || options.database === '') return MEMORY_DATABASE;
  const path = resolve(options.database);
  const folder = dirname(path);
  if (!existsSync(folder)) {
    throw new KodiakError(
      'unavailable',
      `The database ${path} cannot be opened: the folder ${folder} does not exist. Make it, or correct the path.`,
    );
  }
  if (!existsSync(path)) {
    if (options.readOnly)
      throw new KodiakError('unavailable', `The database ${path} does not exist, and a read-only database is not made new.`);
    return join(realpathSync(folder), basename(path));
  }
  if (statSync(path).isDirectory()) {
    throw new KodiakError(
      'unavailable',
      `${path} is a folder, not a database file. Name a file in it, for example ${join(path, 'data.duckdb')}.`,
    );
  }
  return realpathSync(path);
}

function openingFailure(path: string, thrown: unknown): KodiakError {
  const failure = translateFailure(thrown);
  if (failure.code === 'unavailable') return failure;
  const message = messageOf(thrown);
  const hint = /not a valid DuckDB database|Corrupt|checksum|Serialization|magic bytes/i.test(message)
    ? ' The file is damaged or is not a DuckDB database; it was not changed. Open another file, or restore this one from a copy.'
    : '';
  return new KodiakError('unavailable', `The database ${path} cannot be opened.${hint} DuckDB says: ${failure.message}`, { cause: thrown });
}
