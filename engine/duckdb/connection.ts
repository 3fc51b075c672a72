import type {
  DuckDBAppender,
  DuckDBConnection,
  DuckDBInstance,
  DuckDBPreparedStatement,
  DuckDBResult,
  DuckDBType,
  DuckDBValue,
} from '@duckdb/node-api';
import { KodiakError } from '../base/errors.ts';
import { literal, quoted } from '../base/sqlText.ts';
import { every } from '../base/timers.ts';
import type { Column, Parameters, Value } from '../types.ts';
import type { DuckDB } from './binding.ts';
import { bindParameters, type NativeParameters } from './bindParameters.ts';
import { type FailureOrigin, translateFailure } from './failure.ts';
import { interruptOnAbort } from './interruptOnAbort.ts';
import { NativeChunk } from './nativeChunk.ts';
import { typeName } from './readValue.ts';
import type { StatementCount } from './statementCount.ts';
import { parameterTypes, readTyped } from './typedValues.ts';

/** Progress can be read only with the progress bar on, and then it must not print; errors come as JSON with their position. */
const CONNECTION_SETTINGS = [
  'set enable_progress_bar = true',
  'set enable_progress_bar_print = false',
  'set progress_bar_time = 0',
  'set errors_as_json = true',
];

const PLAN_QUERY = 'select json_serialize_plan($1::varchar, skip_null := true, skip_empty := true, skip_default := true)';

const SYNTAX_TREE_QUERY = 'select json_serialize_sql($1::varchar, skip_null := true, skip_empty := true, skip_default := true)';

/** Settings that change how a query runs, is watched or is found, but never its answer. Files are part of the plan, folders of the key. */
const NOISE_SETTINGS =
  '(.*threads|(.*_)?memory(_limit)?|(max_)?temp_directory(_size)?|.*profil.*|.*progress_bar.*|.*log.*|http_.*|allocator_.*|.*secret.*|' +
  'errors_as_json|streaming_buffer_size|file_search_path|custom_user_agent|duckdb_api|.*checkpoint.*)';

const SETTINGS_QUERY =
  "select md5(string_agg(name || '=' || coalesce(value, ''), chr(10) order by name) " +
  `filter (not regexp_full_match(name, '${NOISE_SETTINGS}'))), max(value) filter (name = 'file_search_path'), ` +
  "max(value) filter (name = 'home_directory'), " +
  '(select string_agg(path, chr(10) order by path) from duckdb_databases() where not internal) from duckdb_settings()';

export interface SessionSettings {
  /** Equal for sessions whose settings give equal answers. */
  readonly hash: string;
  /** Folders in which files are looked for, as DuckDB's setting lists them. */
  readonly searchPath: string;
  /** `home_directory`, or '' for the user's. */
  readonly home: string;
  /** Files of all attached databases. */
  readonly databaseFiles: readonly string[];
}

/** An interrupt that arrives before the native call has begun is lost, so it is repeated until the call ends. */
const INTERRUPT_INTERVAL_MS = 20;

/** One row group of DuckDB: 60 × 2,048 rows. */
const CHUNKS_PER_FLUSH = 60;

const RUNS_THE_REST = 'explain analyze ';

/** What the rows of a statement look like, before the rows themselves. */
export interface StatementHead {
  readonly kind: string;
  readonly columns: readonly Column[];
  readonly types: readonly DuckDBType[];
}

export interface StatementSink {
  /** Told, before anything runs, that DuckDB makes several statements of it: throws if they must not run. */
  several?(): void;
  /** Called before any chunk; once more where a stream stopped before its first one and is read again. */
  head(head: StatementHead): void;
  /** Takes the next rows; false asks for no more. */
  chunk(chunk: NativeChunk): Promise<boolean>;
}

export interface StatementEnd {
  readonly rowsChanged: number | undefined;
  /** True when the sink asked for no more before the end. */
  readonly stopped: boolean;
}

/** One DuckDB connection used by one caller at a time. Closing interrupts, waits, and then closes: anything else never returns. */
export class Connection {
  readonly #duckdb: DuckDB;
  readonly #native: DuckDBConnection;
  readonly #read: (value: DuckDBValue) => Value;
  readonly #count: StatementCount;
  #planner: DuckDBPreparedStatement | undefined;
  #parser: DuckDBPreparedStatement | undefined;
  #running: Promise<unknown> | undefined;
  readonly #submitted = new Set<Promise<void>>();
  #closed = false;
  #searchFolder = '';

  private constructor(duckdb: DuckDB, native: DuckDBConnection, read: (value: DuckDBValue) => Value, count: StatementCount) {
    this.#count = count;
    this.#duckdb = duckdb;
    this.#native = native;
    this.#read = read;
  }

  static async open(
    duckdb: DuckDB,
    instance: DuckDBInstance,
    read: (value: DuckDBValue) => Value,
    count: StatementCount,
    searchFolder?: string,
  ): Promise<Connection> {
    const native = await instance.connect();
    try {
      // A user may have locked the configuration: the connection then works without progress and with plainer errors.
      for (const setting of CONNECTION_SETTINGS) await count.around(() => native.run(setting)).catch(() => undefined);
      const connection = new Connection(duckdb, native, read, count);
      if (searchFolder !== undefined) await connection.setSearchFolder(searchFolder);
      return connection;
    } catch (thrown) {
      native.closeSync();
      throw translateFailure(thrown);
    }
  }

  /** Folder in which relative paths are looked for. A folder with a comma cannot be named: DuckDB reads the setting as a list. */
  async setSearchFolder(folder: string | undefined): Promise<void> {
    const wanted = folder === undefined || folder.includes(',') ? '' : folder;
    if (wanted === this.#searchFolder) return;
    try {
      await this.#submit(() => this.#native.run(`set file_search_path = ${literal(wanted)}`));
      this.#searchFolder = wanted;
    } catch (thrown) {
      throw translateFailure(thrown);
    }
  }

  /** 0 to 100, where DuckDB can tell. */
  get percent(): number | undefined {
    if (this.#closed || !this.#running) return undefined;
    const { percentage } = this.#native.progress;
    return percentage >= 0 ? Math.min(100, percentage) : undefined;
  }

  /** True once `plan` was called. */
  get hasPlanned(): boolean {
    return this.#planner !== undefined;
  }

  /** The bound, unoptimised plan of a statement as JSON text. Must not be called inside a transaction: it would pin its snapshot. */
  async plan(sql: string): Promise<string> {
    this.#planner ??= await this.#track(() => this.#native.prepare(PLAN_QUERY));
    this.#planner.bindVarchar(1, sql);
    const planner = this.#planner;
    const result = await this.#submit(() => planner.run());
    return String(result.getChunk(0).getRowValues(0)[0]);
  }

  /** The syntax tree of a SELECT as JSON text. Must not be called inside a transaction. */
  async syntaxTree(sql: string): Promise<string> {
    this.#parser ??= await this.#track(() => this.#native.prepare(SYNTAX_TREE_QUERY));
    this.#parser.bindVarchar(1, sql);
    const parser = this.#parser;
    const result = await this.#submit(() => parser.run());
    return String(result.getChunk(0).getRowValues(0)[0]);
  }

  /** What can change an answer beside the data. */
  async readSettings(): Promise<SessionSettings> {
    const [row] = await this.rows(SETTINGS_QUERY);
    const [hash, searchPath, home, files] = (row ?? []).map((value) => (value === null ? '' : String(value)));
    return { hash: hash ?? '', searchPath: searchPath ?? '', home: home ?? '', databaseFiles: files ? files.split('\n') : [] };
  }

  /** True when a transaction is open, also an aborted one: outside of one, each statement has a transaction id of its own. */
  async inTransaction(): Promise<boolean> {
    try {
      const first = await this.#scalar('select txid_current()');
      return first === (await this.#scalar('select txid_current()'));
    } catch {
      return true;
    }
  }

  /** Internal statements: all rows as they come from DuckDB. An abort interrupts and rejects with `cancelled`. */
  async rows(sql: string, signal?: AbortSignal): Promise<DuckDBValue[][]> {
    if (signal?.aborted) throw stopError(signal, undefined);
    const stopInterrupting = interruptOnAbort(this.#native, signal);
    try {
      return await (await this.#submit(() => this.#native.run(sql))).getRows();
    } catch (thrown) {
      if (signal?.aborted) throw stopError(signal, thrown);
      throw translateFailure(thrown);
    } finally {
      stopInterrupting();
    }
  }

  /** Parses one statement, and with `bind` also prepares it: what DuckDB has against it. Nothing runs, and DuckDB counts no statement. */
  async check(origin: FailureOrigin, bind: boolean): Promise<KodiakError | undefined> {
    try {
      const parsed = await this.#track(() => this.#native.extractStatements(origin.text));
      // What is several statements to DuckDB, such as a PIVOT, needs the first of them run before the second can be bound.
      if (bind && parsed.count === 1) (await this.#track(() => parsed.prepare(0))).destroySync();
      return undefined;
    } catch (thrown) {
      return translateFailure(thrown, origin);
    }
  }

  /** Columns of a query's result without running it; `undefined` when it cannot be prepared. */
  async describe(sql: string): Promise<readonly Column[] | undefined> {
    try {
      const statement = await this.#track(() => this.#native.prepare(sql));
      try {
        return Array.from({ length: statement.columnCount }, (_, index) => ({
          name: statement.columnName(index),
          type: typeName(statement.columnType(index)),
        }));
      } finally {
        statement.destroySync();
      }
    } catch {
      return undefined;
    }
  }

  /** The types that DuckDB would take for the `$name`s of a statement, by name in lower case; none where it cannot be prepared. */
  async parameterTypes(sql: string): Promise<ReadonlyMap<string, string>> {
    try {
      const statement = await this.#track(() => this.#native.prepare(sql));
      const types = parameterTypes(statement);
      statement.destroySync();
      return types;
    } catch {
      return new Map();
    }
  }

  /**
   * Makes a temporary table and fills it with the chunks that `scan` hands over, after it has told the columns as SQL. A failure
   * leaves no table.
   */
  async fillTable(
    name: string,
    scan: (begin: (columns: string) => Promise<void>, append: (chunk: NativeChunk) => void) => Promise<void>,
  ): Promise<void> {
    const table = `temp.main.${quoted(name)}`;
    let appender: DuckDBAppender | undefined;
    let chunks = 0;
    const begin = async (columns: string) => {
      await this.#submit(() => this.#native.run(`create or replace temp table ${table} (${columns})`));
      appender = await this.#native.createAppender(name, 'main', 'temp');
    };
    const append = (chunk: NativeChunk) => {
      appender?.appendDataChunk(chunk.native);
      if (++chunks % CHUNKS_PER_FLUSH === 0) appender?.flushSync();
    };
    try {
      await this.#track(() => this.#count.uncounted(() => scan(begin, append)));
      appender?.closeSync();
    } catch (thrown) {
      // Closing would write what is left.
      appender?.clear();
      appender?.closeSync();
      await this.rows(`drop table if exists ${table}`).catch(() => undefined);
      throw translateFailure(thrown);
    }
  }

  /**
   * Executes one statement and hands its rows to the sink. Rows of a SELECT are streamed. An abort interrupts and rejects with
   * `cancelled`; other failures are translated with their place in `origin`.
   */
  async execute(
    origin: FailureOrigin,
    params: Parameters | undefined,
    sink: StatementSink,
    signal: AbortSignal | undefined,
  ): Promise<StatementEnd> {
    if (this.#closed) throw new KodiakError('unavailable', 'The session is closed.');
    const run = this.#execute(origin, params, sink, signal);
    this.#running = run;
    const stopInterrupting = interruptOnAbort(this.#native, signal);
    try {
      return await run;
    } catch (thrown) {
      if (signal?.aborted) throw stopError(signal, thrown);
      throw translateFailure(thrown, origin);
    } finally {
      stopInterrupting();
      this.#running = undefined;
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const interrupting = every(INTERRUPT_INTERVAL_MS, () => this.#native.interrupt());
    this.#native.interrupt();
    await this.#running?.catch(() => undefined);
    while (this.#submitted.size > 0) await Promise.all(this.#submitted);
    interrupting.dispose();
    this.#native.closeSync();
  }

  /** Every statement goes through here, to be counted. */
  #submit<T>(run: () => Promise<T>): Promise<T> {
    return this.#track(() => this.#count.around(run));
  }

  /** Every native call goes through here: it is awaited before the connection is closed. */
  async #track<T>(run: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new KodiakError('unavailable', 'The session is closed.');
    const call = run();
    const settled = call.then(
      () => undefined,
      () => undefined,
    );
    this.#submitted.add(settled);
    try {
      return await call;
    } finally {
      this.#submitted.delete(settled);
    }
  }

  async #execute(
    origin: FailureOrigin,
    params: Parameters | undefined,
    sink: StatementSink,
    signal: AbortSignal | undefined,
  ): Promise<StatementEnd> {
    const parsed = await this.#native.extractStatements(origin.text);
    if (parsed.count > 1) sink.several?.();
    // Some statements, PIVOT for one, are several to DuckDB: the last one gives the result.
    for (let index = 0; index < parsed.count - 1; index++) {
      const part = await parsed.prepare(index);
      try {
        signal?.throwIfAborted();
        await this.#submit(() => part.run());
      } finally {
        part.destroySync();
      }
    }
    const statement = await parsed.prepare(parsed.count - 1);
    try {
      const values = params && (await readTyped(this.#duckdb, (sql) => this.#submit(() => this.#native.run(sql)), params));
      if (values !== undefined || statement.parameterCount > 0) bindParameters(this.#duckdb, statement, values ?? []);
      signal?.throwIfAborted();
      if (statement.statementType === this.#duckdb.StatementType.SELECT) return await this.#stream(statement, origin, sink, signal, values);
      return await this.#runToEnd(statement, sink);
    } finally {
      statement.destroySync();
    }
  }

  async #stream(
    statement: DuckDBPreparedStatement,
    origin: FailureOrigin,
    sink: StatementSink,
    signal: AbortSignal | undefined,
    params: NativeParameters | undefined,
    isSecond = false,
  ): Promise<StatementEnd> {
    const result = await this.#submit(() => statement.stream());
    let hasRows = false;
    const types = this.#head(result, sink);
    for (;;) {
      signal?.throwIfAborted();
      const native = await result.fetchChunk();
      if (!native || native.rowCount === 0) break;
      hasRows = true;
      if (!(await sink.chunk(new NativeChunk(native, types, this.#read)))) {
        await this.#abandon(result);
        return { rowsChanged: undefined, stopped: true };
      }
    }
    signal?.throwIfAborted();
    // A stream that met an error just ends; only this tells it from the end of the rows.
    if (!result.isStreaming) {
      await this.#raiseSwallowedFailure(origin, params);
      // It passes now. Where nobody has seen a row of it yet, it may as well give all of them.
      if (!hasRows && !isSecond) return await this.#stream(statement, origin, sink, signal, params, true);
      throw stoppedError();
    }
    return { rowsChanged: undefined, stopped: false };
  }

  /** Runs the statement again without keeping rows, because DuckDB's streams do not say why they stopped. Returns where it passes. */
  async #raiseSwallowedFailure(origin: FailureOrigin, params: NativeParameters | undefined): Promise<void> {
    const text = RUNS_THE_REST + origin.text;
    const toScript = (offset: number) => origin.toScript(Math.max(0, offset - RUNS_THE_REST.length));
    try {
      const again = await this.#native.prepare(text);
      try {
        if (params !== undefined) bindParameters(this.#duckdb, again, params);
        await this.#submit(() => again.run());
      } finally {
        again.destroySync();
      }
    } catch (thrown) {
      const failure = translateFailure(thrown, { text, script: origin.script, toScript });
      if (!/transaction is aborted/i.test(failure.message)) throw failure;
      throw stoppedError();
    }
  }

  async #abandon(result: DuckDBResult): Promise<void> {
    // The stream keeps its transaction open until it ends.
    this.#native.interrupt();
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      this.#native.interrupt();
    }
  }

  async #runToEnd(statement: DuckDBPreparedStatement, sink: StatementSink): Promise<StatementEnd> {
    const result = await this.#submit(() => statement.run());
    const changesRows = result.returnType === this.#duckdb.ResultReturnType.CHANGED_ROWS;
    const rowsChanged = changesRows ? result.rowsChanged : undefined;
    if (result.returnType !== this.#duckdb.ResultReturnType.QUERY_RESULT) {
      sink.head({ kind: this.#kindOf(result), columns: [], types: [] });
      return { rowsChanged, stopped: false };
    }
    const types = this.#head(result, sink);
    for (let index = 0; index < result.chunkCount; index++) {
      if (!(await sink.chunk(new NativeChunk(result.getChunk(index), types, this.#read)))) return { rowsChanged, stopped: true };
    }
    return { rowsChanged, stopped: false };
  }

  #head(result: DuckDBResult, sink: StatementSink): readonly DuckDBType[] {
    const types = result.columnTypes();
    const columns = result.columnNames().map((name, index) => {
      const type = types[index];
      return Object.freeze({ name, type: type ? typeName(type) : 'UNKNOWN' });
    });
    sink.head({ kind: this.#kindOf(result), columns, types });
    return types;
  }

  #kindOf(result: DuckDBResult): string {
    return this.#duckdb.StatementType[result.statementType] ?? 'UNKNOWN';
  }

  async #scalar(sql: string): Promise<DuckDBValue | undefined> {
    return (await this.#submit(() => this.#native.run(sql))).getChunk(0).getRowValues(0)[0];
  }
}

/** The caller's own reason for the abort where it is one, else `cancelled`. */
function stopError(signal: AbortSignal, cause: unknown): KodiakError {
  return signal.reason instanceof KodiakError ? signal.reason : new KodiakError('cancelled', 'The query was cancelled.', { cause });
}

/** A stream met an error that nobody can name. */
function stoppedError(): KodiakError {
  return new KodiakError('sql', 'The query stopped before its last row, and DuckDB does not say why. Its rows are not complete.');
}
