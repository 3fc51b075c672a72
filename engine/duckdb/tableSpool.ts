import { stat, truncate } from 'node:fs/promises';
import type { DuckDBAppender, DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import { KodiakError } from '../base/errors.ts';
import { literal } from '../base/sqlText.ts';
import { every } from '../base/timers.ts';
import { fileError, writeWholeFile } from '../base/wholeFile.ts';
import type { ChartOrder, ComparedRows, CompareOrder, ExportOrder, ShownRows, Spool, StoredView } from '../result/chunk.ts';
import type { ChartAnswer, Column, ColumnProfile, ColumnSum, ExportSummary, Row, RowRange, TextPart, ViewSpec } from '../types.ts';
import { findQuery, type RowSource, readSums, sumQuery, textPartQuery } from './cellQueries.ts';
import { chartColumn } from './chart/chartColumn.ts';
import { drawChart } from './chart/drawChart.ts';
import { profileColumn } from './columnProfile.ts';
import { compareTables } from './comparison.ts';
import type { ComparedTable } from './comparisonQuery.ts';
import { exportQuery, hugeColumns } from './exportQuery.ts';
import { NativeChunk } from './nativeChunk.ts';
import { digestQuery } from './rowsDigest.ts';
import type { SpoolDatabase, Worker } from './spoolDatabase.ts';
import { storageError } from './storageError.ts';
import { storedName, storedType } from './storedColumns.ts';
import { pageQuery, TableView } from './tableView.ts';
import { viewClauses } from './viewQuery.ts';

const PROGRESS_INTERVAL_MS = 250;

export interface TableParts {
  /** The table's full name. */
  readonly table: string;
  readonly types: readonly DuckDBType[];
  /** What still fills it. */
  readonly filling: { readonly writer: DuckDBConnection; readonly appender: DuckDBAppender } | undefined;
  /** Of a table that has its rows already. */
  readonly size?: { readonly rowCount: number; readonly bytes: number };
  /** Of a table that is all of a file which is never written again: other databases can read it, too. */
  readonly file?: string;
  /** Called once all rows are in it, with their size. */
  readonly onFinish?: (bytes: number) => void;
  /** Called when nobody needs it any more; default: the table is dropped. */
  readonly onDrop?: () => void;
}

/** One result as a table of the spool database. Rows are appended in order and never deleted, so a row's `rowid` is its position. */
export class TableSpool implements Spool<NativeChunk> {
  readonly #database: SpoolDatabase;
  readonly #parts: TableParts;
  #appender: DuckDBAppender | undefined;
  #rowCount = 0;
  #bytes = 0;

  constructor(database: SpoolDatabase, parts: TableParts) {
    this.#database = database;
    this.#parts = parts;
    this.#appender = parts.filling?.appender;
    this.#rowCount = parts.size?.rowCount ?? 0;
    this.#bytes = parts.size?.bytes ?? 0;
  }

  /** The table's full name. */
  get table(): string {
    return this.#parts.table;
  }

  append(chunk: NativeChunk): void {
    this.#rowCount += chunk.rowCount;
    this.#bytes += chunk.bytes;
    this.#guard(() => this.#appender?.appendDataChunk(chunk.native));
  }

  flush(): void {
    this.#guard(() => this.#appender?.flushSync());
  }

  readRows(offset: number, limit: number, maxLength?: number): Promise<Row[]> {
    const { table, types } = this.#parts;
    return this.#database.readPage(pageQuery(table, types, offset, limit, maxLength));
  }

  finish(): void {
    if (!this.#appender) return;
    this.#guard(() => this.#appender?.closeSync());
    this.#appender = undefined;
    this.#parts.filling?.writer.closeSync();
    this.#parts.onFinish?.(this.#bytes);
  }

  async openView(spec: ViewSpec, signal: AbortSignal | undefined): Promise<StoredView> {
    const { table, types } = this.#parts;
    const { where, orderBy, params } = viewClauses(spec, types);
    const source = {
      database: this.#database,
      table,
      types,
      bytesPerRow: this.#rowCount === 0 ? 0 : this.#bytes / this.#rowCount,
    };
    if (where === '' && orderBy === '') return new TableView({ ...source, permutation: undefined, rowCount: this.#rowCount });
    const permutation = `memory.main.${this.#database.newName('v')}`;
    return await this.#database.spreadWork(signal, 'The rows cannot be sorted or filtered', async ({ run }) => {
      const made = await run(`create table ${permutation} as select rowid as r from ${table} ${where} ${orderBy}`, params);
      const rowCount = Number(made.getChunk(0).getRowValues(0)[0]);
      if (signal?.aborted) {
        this.#database.dropTable(permutation, true);
        throw new KodiakError('cancelled', 'The query was cancelled.');
      }
      return new TableView({ ...source, permutation, rowCount });
    });
  }

  async scan(
    begin: (types: readonly string[]) => Promise<void>,
    chunk: (chunk: NativeChunk) => void,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { table, types } = this.#parts;
    await begin(types.map((type) => (type.alias === 'JSON' ? 'JSON' : storedType(type))));
    await this.#database.work(signal, 'The rows cannot be read', async ({ connection }) => {
      const rows = await connection.stream(`from ${table}`);
      let count = 0;
      for (;;) {
        const native = await rows.fetchChunk();
        if (!native || native.rowCount === 0) break;
        count += native.rowCount;
        chunk(new NativeChunk(native, types, this.#database.read));
      }
      // A stream that met an error, or was interrupted, just ends.
      if (count !== this.#rowCount) throw new KodiakError('unavailable', 'The rows of this result could not all be read.');
    });
  }

  async profile(column: number, head: Column, signal: AbortSignal | undefined): Promise<ColumnProfile> {
    const { table, types } = this.#parts;
    const type = types[column];
    if (!type) throw new KodiakError('sql', `The result has no column ${column}.`);
    const { duckdb, read } = this.#database;
    return await this.#database.spreadWork(signal, 'The column cannot be summed up', ({ run }) =>
      profileColumn(duckdb, { table, name: storedName(column), type, head, read, query: async (sql) => (await run(sql)).getRows() }),
    );
  }

  async sum(range: RowRange, columns: readonly number[], shown: ShownRows): Promise<ColumnSum[]> {
    const sql = sumQuery(this.#source(shown), range, columns, this.#parts.types);
    return await this.#database.spreadWork(shown.signal, 'The cells cannot be summed up', async ({ run }) =>
      readSums(await run(sql), columns, this.#parts.types),
    );
  }

  async find(search: string, from: number, backwards: boolean, shown: ShownRows): Promise<number | undefined> {
    const { where, params } = viewClauses({ search }, this.#parts.types);
    if (where === '') return undefined;
    const sql = findQuery(this.#source(shown), where, from, backwards);
    return await this.#database.spreadWork(shown.signal, 'The rows cannot be searched', async ({ run }) => {
      const found = await run(sql, params);
      const [row] = found.rowCount === 0 ? [] : found.getChunk(0).getRowValues(0);
      return row === undefined || row === null ? undefined : Number(row);
    });
  }

  async textPart(row: number, column: number, offset: number, length: number, shown: ShownRows): Promise<TextPart> {
    const type = this.#parts.types[column];
    if (!type) throw new KodiakError('sql', `The result has no column ${column}.`);
    const sql = textPartQuery(this.#source(shown), row, storedName(column), type, offset, length);
    return await this.#database.work(shown.signal, 'The value cannot be read', async ({ run }) => {
      const found = await run(sql);
      if (found.rowCount === 0) throw new KodiakError('sql', `There is no row ${row}.`);
      const [text, whole] = found.getChunk(0).getRowValues(0);
      return { text: text === null ? '' : String(text), length: Number(whole ?? 0), isNull: whole === null };
    });
  }

  #source({ view }: ShownRows): RowSource {
    return { table: this.#parts.table, permutation: view instanceof TableView ? view.permutation : undefined };
  }

  async chart({ spec, columns, view, signal }: ChartOrder): Promise<ChartAnswer> {
    const { table, types } = this.#parts;
    const permutation = view instanceof TableView ? view.permutation : undefined;
    const source = {
      from: permutation ? `(select t.*, v.rowid as p from ${permutation} v join ${table} t on t.rowid = v.r)` : table,
      position: permutation ? 'p' : 'rowid',
      rowCount: view?.rowCount ?? this.#rowCount,
      columns: types.map((type, index) => chartColumn(index, columns[index]?.name ?? '', type)),
    };
    return await this.#database.spreadWork(signal, 'The chart cannot be computed', ({ run }) =>
      drawChart({ ...source, query: async (sql, params) => (await run(sql, params)).getRows() }, spec),
    );
  }

  async digest(signal: AbortSignal | undefined): Promise<string> {
    const sql = digestQuery(this.#parts.table, this.#parts.types);
    return await this.#database.spreadWork(signal, 'The rows cannot be summed up', async ({ run }) =>
      (await run(sql)).getChunk(0).getRowValues(0).join(' '),
    );
  }

  async export(path: string, order: ExportOrder): Promise<ExportSummary> {
    await this.#database.options.checkTarget(path);
    const writing = writeWholeFile(path, order.overwrite, (temporaryPath) =>
      this.#database.spreadWork(order.signal, 'The rows cannot be written', async (worker) => {
        const stop = watchProgress(worker, order.onProgress);
        try {
          return await this.#copy(worker, temporaryPath, order);
        } catch (thrown) {
          throw /^IO Error/.test(String((thrown as Error).message)) ? fileError(path, thrown) : thrown;
        } finally {
          stop();
        }
      }),
    );
    const { written, bytes } = await this.#database.track(writing);
    return { rows: written, bytes };
  }

  async compare(other: Spool<NativeChunk>, order: CompareOrder): Promise<{ spool: Spool<NativeChunk>; found: ComparedRows }> {
    if (!(other instanceof TableSpool)) throw new KodiakError('bug', 'Results of two stores cannot be compared.');
    return await this.#inOneDatabase(other, (database, left, right) =>
      database.spreadWork(order.signal, 'The results cannot be compared', async (worker) => {
        const stop = watchProgress(worker, order.onProgress);
        try {
          const { table, types, ...found } = await compareTables(database, worker, left, right, order);
          const spool = new TableSpool(database, { table, types, filling: undefined, size: { rowCount: found.rowCount, bytes: 0 } });
          if (!order.signal?.aborted) return { spool, found };
          spool.drop();
          throw new KodiakError('cancelled', 'The comparison was cancelled.');
        } finally {
          stop();
        }
      }),
    );
  }

  /** Rows that were kept on disk have a database of their own: the other one reads their file, too, while both are needed. */
  async #inOneDatabase<T>(
    other: TableSpool,
    use: (database: SpoolDatabase, left: ComparedTable, right: ComparedTable) => Promise<T>,
  ): Promise<T> {
    const [left, right] = [this.#parts, other.#parts];
    if (other.#database === this.#database) return await use(this.#database, left, right);
    if (right.file !== undefined)
      return await this.#database.withFile(right.file, (table) => use(this.#database, left, { ...right, table }));
    if (left.file !== undefined)
      return await other.#database.withFile(left.file, (table) => use(other.#database, { ...left, table }, right));
    throw new KodiakError('bug', 'Results of two engines cannot be compared.');
  }

  drop(): void {
    if (this.#appender) {
      // What was not flushed is thrown away: closing would write it first.
      this.#appender.clear();
      this.#appender.closeSync();
      this.#appender = undefined;
      this.#parts.filling?.writer.closeSync();
    }
    if (this.#parts.onDrop) this.#parts.onDrop();
    else this.#database.dropTable(this.#parts.table);
  }

  /** Gives the number of rows written. */
  async #copy({ run }: Worker, path: string, { columns, format, view }: ExportOrder): Promise<number> {
    const { table, types } = this.#parts;
    const decimalColumns = new Set<number>();
    for (const column of format === 'parquet' ? hugeColumns(types) : []) {
      const name = storedName(column);
      const [fits] = (await run(`select count(${name}) = count(try_cast(${name} as decimal(38, 0))) from ${table}`))
        .getChunk(0)
        .getRowValues(0);
      if (fits === true) decimalColumns.add(column);
    }
    const { list, options, ownHeader } = exportQuery({ columns, types, format, decimalColumns });
    const permutation = view instanceof TableView ? view.permutation : undefined;
    const source = permutation ? `${permutation} v join ${table} t on t.rowid = v.r order by v.rowid` : table;
    // The temporary name is ours already: DuckDB's own detour over another one is not needed.
    const result = await run(`copy (select ${list} from ${source}) to ${literal(path)} (${options}, use_tmp_file false)`);
    const rows = Number(result.getChunk(0).getRowValues(0)[0]);
    if (ownHeader && rows === 0) await truncate(path, (await stat(path)).size - 1);
    return rows;
  }

  #guard(write: () => void): void {
    try {
      write();
    } catch (thrown) {
      throw storageError('The result cannot be kept', thrown);
    }
  }
}

function watchProgress({ connection }: Worker, onProgress: ((percent: number) => void) | undefined): () => void {
  if (!onProgress) return () => undefined;
  onProgress(0);
  const timer = every(PROGRESS_INTERVAL_MS, () => {
    const { percentage } = connection.progress;
    if (percentage >= 0) onProgress(Math.min(100, percentage));
  });
  return () => timer.dispose();
}
