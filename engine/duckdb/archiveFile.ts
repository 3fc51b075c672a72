import { createHash } from 'node:crypto';
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import { messageOf } from '../base/errors.ts';
import { literal } from '../base/sqlText.ts';
import type { ArchiveSource, Spool } from '../result/chunk.ts';
import type { NativeChunk } from './nativeChunk.ts';
import { ARCHIVE_TABLE, type SpoolDatabase, type Worker } from './spoolDatabase.ts';
import { storageError } from './storageError.ts';
import { storedName, storedType } from './storedColumns.ts';
import { TableSpool } from './tableSpool.ts';
import { MANY_COLUMNS } from './wideFile.ts';

/**
 * The rows of one result as a DuckDB file: the only form that has every type of DuckDB's exactly. One table, whose rows are never
 * deleted, so that a row's `rowid` is its position. A file that is complete is never written again: any number of processes read it.
 */

/** Below this size the file has blocks of 16 KiB: each column takes one at least. Above it large blocks compress twice as well. */
const SMALL_BYTES = 1024 * 1024;
const SMALL_BLOCK = 16_384;
const LARGE_BLOCK = 262_144;

/** Values of these types may be equal and still not look the same: they are told apart by their texts. */
const LOOKS_DIFFER = /INTERVAL|TIME WITH|FLOAT|DOUBLE|BIT|VARIANT|GEOMETRY/;

/**
 * Writes rows into a new file and gives a text that is the same for equal rows of equal types. An abort ends it with `cancelled`;
 * the file is then there, but incomplete.
 */
export async function writeArchiveFile(
  database: SpoolDatabase,
  path: string,
  types: readonly DuckDBType[],
  source: ArchiveSource<NativeChunk>,
  signal: AbortSignal | undefined,
): Promise<string> {
  return await database.work(signal, 'The result cannot be kept on disk', async (worker) => {
    const catalog = database.newName('f');
    const blockSize = source.bytes < SMALL_BYTES || types.length > MANY_COLUMNS ? SMALL_BLOCK : LARGE_BLOCK;
    await worker.run(`attach ${literal(path)} as ${catalog} (block_size ${blockSize}, storage_version 'latest')`);
    try {
      await fill(worker, catalog, types, source);
      return await fingerprint(worker, catalog, types);
    } finally {
      await database.detachFile(catalog);
    }
  });
}

async function fill({ connection, run }: Worker, catalog: string, types: readonly DuckDBType[], source: ArchiveSource<NativeChunk>) {
  const { spool, chunks, rowCount } = source;
  const columns = types.map((type, index) => `${storedName(index)} ${storedType(type)}`).join(', ');
  await run(`create table ${catalog}.main.${ARCHIVE_TABLE} (${columns})`);
  if (spool instanceof TableSpool) {
    await run(`insert into ${catalog}.main.${ARCHIVE_TABLE} select * from ${spool.table} where rowid < ${rowCount}`);
  } else {
    await append(connection, catalog, chunks);
  }
  await run(`checkpoint ${catalog}`);
}

async function append(connection: DuckDBConnection, catalog: string, chunks: readonly NativeChunk[]): Promise<void> {
  const appender = await connection.createAppender(ARCHIVE_TABLE, 'main', catalog);
  try {
    for (const chunk of chunks) appender.appendDataChunk(chunk.native);
  } catch (thrown) {
    appender.clear();
    throw thrown;
  } finally {
    appender.closeSync();
  }
}

/** A sum over the rows, each with its place, so that rows in another order are others. Far cheaper than a digest of all bytes. */
async function fingerprint({ run }: Worker, catalog: string, types: readonly DuckDBType[]): Promise<string> {
  const values = types.flatMap((type, index) => {
    const name = storedName(index);
    const text = type.toString();
    if (text === 'FLOAT' || text === 'DOUBLE') return [name, `signbit(${name})`];
    return LOOKS_DIFFER.test(text) ? [`${name}::varchar`] : [name];
  });
  const hash = (salt: number) => `hash(${['rowid', salt, ...values].join(', ')})::hugeint`;
  const sums = await run(`select count(*), sum(${hash(1)}), sum(${hash(2)}) from ${catalog}.main.${ARCHIVE_TABLE}`);
  const parts = [...types.map(String), ...sums.getChunk(0).getRowValues(0)];
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

/** Files that are open for reading. Each can be attached once, however many results read it. */
export class ArchiveFiles {
  readonly #database: SpoolDatabase;
  readonly #open = new Map<string, { users: number; readonly opening: ReturnType<SpoolDatabase['attachFile']> }>();

  constructor(database: SpoolDatabase) {
    this.#database = database;
  }

  /** The rows of a file. Rejects with `unavailable` when it is gone, damaged, or of a later version of DuckDB. */
  async open(path: string, size: { readonly rowCount: number; readonly bytes: number }): Promise<Spool<NativeChunk>> {
    const file = this.#open.get(path) ?? { users: 0, opening: this.#database.attachFile(path) };
    this.#open.set(path, file);
    file.users++;
    try {
      const { catalog, types } = await file.opening;
      const table = `${catalog}.main.${ARCHIVE_TABLE}`;
      return new TableSpool(this.#database, {
        table,
        types,
        filling: undefined,
        size,
        file: path,
        onDrop: () => this.#leave(path, catalog),
      });
    } catch (thrown) {
      if (this.#open.get(path) === file) this.#open.delete(path);
      throw storageError(`The kept rows cannot be read (${messageOf(thrown)})`, thrown);
    }
  }

  #leave(path: string, catalog: string): void {
    const file = this.#open.get(path);
    if (!file || --file.users > 0) return;
    this.#open.delete(path);
    // One that cannot be let go of only costs a handle until the database closes.
    this.#database.detachFile(catalog).catch(() => undefined);
  }
}
