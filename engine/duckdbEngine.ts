import { Aggregator } from './aggregator.ts';
import { archiveResult } from './archive.ts';
import { AttachedFiles, isOurs } from './attachedFiles.ts';
import { KodiakError } from './base/errors.ts';
import { DatabaseFiles } from './cache/databaseFiles.ts';
import type { FunctionNames } from './cache/planFacts.ts';
import { Recent } from './cache/recent.ts';
import { ResultCache } from './cache/resultCache.ts';
import { Versions } from './cache/versions.ts';
import { graphCells } from './cellGraph.ts';
import { compareResults } from './compareResults.ts';
import { DatabaseCopies } from './databaseCopies.ts';
import { type DatabaseLife, settledStamp } from './databaseLife.ts';
import { readCatalog } from './duckdb/catalog.ts';
import { readColumns, readDatabases, readDefinition, readSchema } from './duckdb/catalogTree.ts';
import type { Connection } from './duckdb/connection.ts';
import type { Database } from './duckdb/database.ts';
import { grammarText } from './duckdb/grammarText.ts';
import type { MemoryLimit } from './duckdb/memoryLimit.ts';
import { EngineMemory } from './engineMemory.ts';
import { entryProof } from './entryProof.ts';
import { checkExportTarget } from './exportTarget.ts';
import { HeldRows } from './heldRows.ts';
import { InternalConnection } from './internalConnection.ts';
import { SharedNames } from './knownNames.ts';
import { LazySpool } from './lazySpool.ts';
import { listSpillFiles } from './memory/spillFiles.ts';
import { OpenCheckers } from './openCheckers.ts';
import { OpenSessions } from './openSessions.ts';
import type { ResolvedOptions } from './options.ts';
import { Admission } from './parallel/admission.ts';
import { LeasePool } from './pool/leasePool.ts';
import { type CachedRows, createFlights, type RunContext } from './queryRun.ts';
import { freshnessOfRecord } from './recordFreshness.ts';
import { EngineSession } from './session.ts';
import { checkTripwires } from './tripwires.ts';
import type {
  ArchiveOptions,
  ArchiveSummary,
  BackupOptions,
  BackupSummary,
  CacheEntry,
  CatalogEntry,
  Cell,
  CellGraph,
  Checker,
  CompareOptions,
  Comparison,
  DatabaseEntry,
  Engine,
  EngineStats,
  Freshness,
  ObjectEntry,
  ParallelStats,
  RestoreSummary,
  Result,
  SchemaName,
  Session,
  SessionOptions,
  SpillFile,
  TableColumn,
  TableName,
} from './types.ts';

/** The engine behind `openEngine`: it makes the subsystems, tells each of the others, and refuses all once it is closed. */
export class DuckdbEngine implements Engine {
  readonly database: string;
  readonly duckdbVersion: string;
  readonly created: boolean;
  readonly parallel: Engine['parallel'];
  readonly #options: ResolvedOptions;
  readonly #database: Database;
  readonly #internal: InternalConnection;
  readonly #life: DatabaseLife;
  readonly #cache: ResultCache<CachedRows>;
  readonly #admission: Admission;
  readonly #pool: LeasePool<Connection>;
  readonly #spool: LazySpool;
  readonly #rows = new HeldRows();
  readonly #memory: EngineMemory;
  readonly #context: RunContext;
  readonly #sessions: OpenSessions;
  readonly #checkers: OpenCheckers;
  readonly #aggregator: Aggregator;
  readonly #files: AttachedFiles;
  readonly #copies: DatabaseCopies;
  readonly #temporaryFolder: string;
  readonly #removeFolder: () => void;
  readonly #closing = new AbortController();
  #closed: Promise<void> | undefined;

  constructor(
    options: ResolvedOptions,
    database: Database,
    internal: Connection,
    limit: MemoryLimit,
    functions: FunctionNames,
    life: DatabaseLife,
    temporaryFolder: string,
    removeFolder: () => void,
  ) {
    const { clock, log } = options;
    const { history } = life;
    this.#options = options;
    this.#database = database;
    this.#internal = new InternalConnection(internal);
    this.#life = life;
    this.#temporaryFolder = temporaryFolder;
    this.#removeFolder = removeFolder;
    this.database = database.path;
    this.created = database.created;
    this.duckdbVersion = database.version;
    this.#files = new AttachedFiles(this.#internal.rows);
    this.#checkers = new OpenCheckers((folder) => database.connect(folder), temporaryFolder);
    this.#cache = new ResultCache<CachedRows>(options.cache, clock, (value) => value.rows.release());
    this.#admission = new Admission(options.parallel, clock);
    this.#pool = new LeasePool(
      {
        create: () => database.connect(),
        destroy: (connection) => connection.close(),
        // A connection that does not work counts as one inside a transaction.
        check: async (connection) => !(await connection.inTransaction()),
        onShortage: (count) => this.#sessions.askForConnections(count),
      },
      options.pool,
      clock,
      log,
    );
    this.#spool = new LazySpool(database, {
      ...options.results,
      threads: options.parallel.threads,
      temporaryFolder,
      submit: (task, signal) => this.#admission.submit(task, { signal }),
      checkTarget: (path) => this.checkExportTarget(path),
    });
    this.#memory = new EngineMemory(
      { query: this.#internal.rows, limit, cache: this.#cache, rows: this.#rows, spool: this.#spool, temporaryFolder },
      options,
    );
    this.#context = {
      clock,
      cache: this.#cache,
      versions: new Versions(() => clock.now(), history.past),
      databaseFiles: new DatabaseFiles(),
      history,
      names: new SharedNames(),
      found: new Recent(),
      beingLearned: new Set(),
      functions,
      minCostMs: options.cache.minCostMs,
      flights: createFlights(),
      learning: new Set(),
      admission: this.#admission,
      createSpool: async (types) => (await this.#spool.open()).createSpool(types),
      track: (rows) => this.#rows.track(rows),
      watch: this.#memory.watch,
      arrived: (bytes) => this.#rows.arrived(bytes),
    };
    this.#sessions = new OpenSessions({
      options,
      pool: this.#pool,
      context: this.#context,
      isClosed: () => this.#closed !== undefined,
      onDefined: (text) => this.#checkers.noteDefinition(text),
    });
    this.#aggregator = new Aggregator({
      options,
      pool: this.#pool,
      admission: this.#admission,
      versions: this.#context.versions,
      closing: this.#closing.signal,
      connect: () => database.connect(),
    });
    this.parallel = {
      aggregate: async (request) => {
        this.#checkOpen();
        return await this.#aggregator.aggregate(request);
      },
    };
    this.#copies = new DatabaseCopies({ engine: this, readOnly: options.readOnly, pool: this.#pool, sessions: this.#sessions });
  }

  async openSession(options: SessionOptions = {}): Promise<Session> {
    this.#checkOpen();
    const session = await this.#sessions.open(options);
    if (this.#closed !== undefined) {
      await session.close();
      this.#checkOpen();
    }
    return session;
  }

  stats(): EngineStats {
    return Object.freeze({
      database: this.database,
      cache: this.#cache.stats(this.#context.flights.shared),
      pool: this.#pool.stats(),
      memory: this.#memory.stats(),
      parallel: this.#parallelStats(),
    });
  }

  async sampleMemory(): Promise<EngineStats> {
    if (this.#closed === undefined) {
      await this.#memory.sample();
      const ranUnnoticed = () => this.#internal.use((connection) => this.#database.ranUnnoticed(connection));
      await checkTripwires(this.#context, ranUnnoticed, this.#options.log);
    }
    return this.stats();
  }

  async catalog(session?: Session): Promise<CatalogEntry[]> {
    this.#checkOpen();
    // Temporary objects are seen only by their own connection, and a query inside a transaction would pin its snapshot.
    const own =
      session instanceof EngineSession ? session.whileIdle((connection) => readCatalog((sql) => connection.rows(sql))) : undefined;
    const entries = (await own) ?? (await readCatalog(this.#internal.rows));
    return entries.filter(({ database }) => !isOurs(database));
  }

  async lookAt(path: string): Promise<string> {
    this.#checkOpen();
    return await this.#files.lookAt(path);
  }

  async fileTables(path: string): Promise<CatalogEntry[]> {
    const name = await this.lookAt(path);
    try {
      return (await readCatalog(this.#internal.rows)).filter(({ database }) => database === name);
    } finally {
      await this.leave(path);
    }
  }

  async leave(path: string): Promise<void> {
    if (this.#closed === undefined) await this.#files.leave(path);
  }

  async databases(): Promise<DatabaseEntry[]> {
    this.#checkOpen();
    const databases = await readDatabases(this.#internal.rows);
    return databases.filter(({ name }) => !isOurs(name));
  }

  async schema(schema: SchemaName): Promise<ObjectEntry[]> {
    this.#checkOpen();
    return await readSchema(this.#internal.rows, schema);
  }

  async columns(table: TableName): Promise<TableColumn[]> {
    this.#checkOpen();
    return await readColumns(this.#internal.rows, table);
  }

  async definition(table: TableName): Promise<string | undefined> {
    this.#checkOpen();
    return await readDefinition(this.#internal.rows, table);
  }

  async compare(left: Result, right: Result, options: CompareOptions = {}): Promise<Comparison> {
    this.#checkOpen();
    return await compareResults(this.#context, left, right, options);
  }

  async graph(cells: readonly Cell[], session?: Session): Promise<CellGraph> {
    this.#checkOpen();
    return await graphCells(this.#context, this.#internal, cells, session);
  }

  grammarText(): Promise<string> {
    return grammarText();
  }

  openChecker(): Checker {
    this.#checkOpen();
    return this.#checkers.open();
  }

  freshnessOf(record: unknown): Freshness {
    const { versions, databaseFiles, history } = this.#context;
    return freshnessOfRecord(record, { ...history, versions, databaseFiles }, this.#options.clock.now());
  }

  async archive(result: Result, path: string, options: ArchiveOptions = {}): Promise<ArchiveSummary> {
    this.#checkOpen();
    return await archiveResult(() => this.#spool.open(), result, path, options);
  }

  cacheEntries(): CacheEntry[] {
    return this.#cache.entries((stored) => entryProof(this.#context.versions, stored));
  }

  invalidateCacheEntry(id: number): boolean {
    return this.#cache.invalidate(id);
  }

  spillFiles(): SpillFile[] {
    return listSpillFiles(this.#temporaryFolder, this.#spool.folder);
  }

  clearCache(): number {
    return this.#cache.clear();
  }

  onSourcesChanged(listener: () => void): () => void {
    return this.#context.versions.onChange(listener);
  }

  setCacheEnabled(enabled: boolean): void {
    this.#cache.setEnabled(enabled);
  }

  async freeMemory(): Promise<number> {
    this.#checkOpen();
    const freed = await this.#memory.free();
    await this.#memory.sample();
    return freed;
  }

  onMemoryPressure(drop: (bytes: number) => number): () => void {
    return this.#memory.onPressure(drop);
  }

  checkExportTarget(path: string): Promise<void> {
    return checkExportTarget(this.#internal.rows, path);
  }

  async backup(path: string, options: BackupOptions = {}): Promise<BackupSummary> {
    this.#checkOpen();
    return await this.#copies.backup(path, options);
  }

  async restore(path: string, options: Omit<BackupOptions, 'overwrite'> = {}): Promise<RestoreSummary> {
    this.#checkOpen();
    return await this.#copies.restore(path, options);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    const { versions, databaseFiles, history } = this.#context;
    const monitored = this.#memory.dispose();
    await this.#sessions.close();
    await this.#checkers.close();
    await this.#pool.drain();
    await this.#aggregator.close();
    this.#cache.clear();
    this.#rows.discard();
    await monitored;
    const internal = await this.#internal.release();
    const stamp = await settledStamp(this.#life.of, internal, databaseFiles, this.#options);
    await internal.close();
    await this.#spool.close();
    this.#database.close();
    this.#life.of.seal(history.id, versions.past(), stamp);
    this.#memory.close();
    this.#removeFolder();
  }

  #parallelStats(): ParallelStats {
    const { enabled, threads } = this.#options.parallel;
    const more = { lastRun: this.#sessions.lastRun, lastAggregate: this.#aggregator.lastAggregate };
    return Object.freeze({ enabled, threads, ...this.#admission.stats(), ...more });
  }

  #checkOpen(): void {
    if (this.#closed !== undefined) throw new KodiakError('unavailable', 'The engine is closed.');
  }
}
