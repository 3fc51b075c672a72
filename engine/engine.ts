import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { runAggregate } from './aggregateRun.ts';
import { archiveResult } from './archive.ts';
import { AttachedFiles, isOurs, OUR_DATABASES } from './attachedFiles.ts';
import { backupDatabase, beforeRestorePath, restoreDatabase } from './backup.ts';
import { collectGarbage } from './base/collectGarbage.ts';
import { KodiakError } from './base/errors.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from './base/temporaryFolder.ts';
import { DatabaseFiles } from './cache/databaseFiles.ts';
import { DatabaseHistory, type History } from './cache/databaseHistory.ts';
import { UNKNOWN_EFFECT } from './cache/effect.ts';
import { type FunctionNames, MISLABELLED_FUNCTIONS } from './cache/planFacts.ts';
import { Recent } from './cache/recent.ts';
import { ResultCache } from './cache/resultCache.ts';
import { Versions } from './cache/versions.ts';
import { cleanSession, effectsOfAll } from './cellEffects.ts';
import { StatementChecker } from './checker/statementChecker.ts';
import { compareResults } from './compareResults.ts';
import { builtInFunctions as readBuiltInFunctions } from './duckdb/builtInFunctions.ts';
import { readCatalog } from './duckdb/catalog.ts';
import { readColumns, readDatabases, readDefinition, readSchema } from './duckdb/catalogTree.ts';
import type { Connection } from './duckdb/connection.ts';
import { Database } from './duckdb/database.ts';
import { grammarText } from './duckdb/grammarText.ts';
import { MemoryLimit } from './duckdb/memoryLimit.ts';
import { NameProbe } from './duckdb/nameProbe.ts';
import type { NativeChunk } from './duckdb/nativeChunk.ts';
import { SpoolDatabase } from './duckdb/spoolDatabase.ts';
import { entryProof } from './entryProof.ts';
import { SharedNames } from './knownNames.ts';
import type { CleanUpStep } from './memory/cleanUp.ts';
import { MachineMemory, ResidentBytes } from './memory/machineMemory.ts';
import { type DuckdbMemory, MemoryMonitor } from './memory/memoryMonitor.ts';
import { MemoryWatchdog } from './memory/memoryWatchdog.ts';
import { countSpillFiles, listSpillFiles } from './memory/spillFiles.ts';
import { resolveOptions } from './options.ts';
import { Admission } from './parallel/admission.ts';
import { dependencyEdges, flowEdges, needEdges, reduceEdges, UNKNOWN_EFFECTS } from './parallel/dependencyGraph.ts';
import type { Lease } from './pool/lease.ts';
import { LeasePool } from './pool/leasePool.ts';
import { type CachedRows, createFlights, type RunContext } from './queryRun.ts';
import { compareRecord, type HistoryView, readRecord } from './readingRecord.ts';
import type { GrowingRows } from './result/growingRows.ts';
import { EngineSession } from './session.ts';
import { type LendConnection, SessionConnection } from './sessionConnection.ts';
import type {
  AggregateRequest,
  AggregateResult,
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
  EngineOptions,
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

export { openArchiveReader } from './archive.ts';
export { KodiakError, ScriptError } from './base/errors.ts';
export type * from './types.ts';

/**
 * Opens a database and the subsystems around it. Rejects with a `KodiakError` `unavailable` when the file is missing its folder,
 * locked (the message names the holder), damaged, a folder, or open already in this process.
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const resolved = resolveOptions(options);
  const temporaryFolder = resolved.temporaryFolder ?? makeTemporaryFolder();
  mkdirSync(temporaryFolder, { recursive: true, mode: 0o700 });
  const removeFolder = () => {
    if (resolved.temporaryFolder === undefined) removeTemporaryFolder(temporaryFolder);
  };
  const looked = new DatabaseHistory(resolved.historyFolder, databasePathOf(resolved.database)).look();
  try {
    const database = await Database.open({
      database: resolved.database,
      readOnly: resolved.readOnly,
      threads: resolved.parallel.threads,
      memoryLimitBytes: resolved.memory.limitBytes,
      temporaryFolder,
    });
    const internal = await database.connect();
    const functions = await readFunctions(internal);
    const limit = await MemoryLimit.read((sql) => internal.rows(sql), resolved.memory.limitBytes);
    const history = await beginHistory(resolved.historyFolder, database, internal, looked);
    return new DuckdbEngine(resolved, database, internal, limit, functions, history, temporaryFolder, removeFolder);
  } catch (thrown) {
    removeFolder();
    throw thrown;
  }
}

/** Begins a life of the database, which has a name by then. */
async function beginHistory(
  folder: string | undefined,
  database: Database,
  internal: Connection,
  looked: ReturnType<DatabaseHistory['look']>,
) {
  const of = new DatabaseHistory(folder, database.path);
  const [[name] = []] = await internal.rows('select current_database()');
  const history = { ...of.begin(looked), catalog: String(name).toLowerCase(), inMemory: database.path === ':memory:' };
  return { history, of };
}

/** Names of built-in functions: those of the library, the same for each database. */
let builtInFunctions: FunctionNames | undefined;

/** Read once, from the first database. */
async function readFunctions(connection: Connection): Promise<FunctionNames> {
  if (builtInFunctions !== undefined) return builtInFunctions;
  const rows = await readBuiltInFunctions(connection);
  const known = new Set(rows.map(([name]) => name));
  const pure = new Set(rows.filter(([, consistent]) => consistent).map(([name]) => name));
  for (const name of MISLABELLED_FUNCTIONS) pure.delete(name);
  builtInFunctions = { pure, known };
  return builtInFunctions;
}

/** Native bytes of results between two looks for forgotten ones. */
const FORGOTTEN_BYTES = 64 * 1024 * 1024;

/** Native bytes of chunks that arrive between two collections: V8 does not see them, and would let gigabytes of them lie. */
const ARRIVED_BYTES = 64 * 1024 * 1024;

/** For questions about cells that belong to no session. */
const NOBODY = { id: 0, name: '', cwd: undefined, home: undefined };

/** What idle tables may keep in memory, so that the catalog can be read while they are moved. */
const MIN_IDLE_BYTES = 32 * 1024 * 1024;

/** Uses of DuckDB's memory that are listed. */
const MAX_TAGS = 3;

const MEMORY_QUERY = 'select tag, memory_usage_bytes::double, temporary_storage_bytes::double from duckdb_memory() order by 2 desc, 1';

class DuckdbEngine implements Engine {
  readonly database: string;
  readonly duckdbVersion: string;
  readonly created: boolean;
  readonly parallel: Engine['parallel'] = { aggregate: (request) => this.#aggregate(request) };
  readonly #options: ReturnType<typeof resolveOptions>;
  readonly #database: Database;
  /** For the catalog and for measurements, so that they never wait for a connection. */
  readonly #internal: Connection;
  readonly #cache: ResultCache<CachedRows>;
  readonly #admission: Admission;
  readonly #pool: LeasePool<Connection>;
  readonly #memory: MemoryMonitor;
  readonly #memoryLimit: MemoryLimit;
  readonly #resident = new ResidentBytes();
  readonly #watchdog: MemoryWatchdog;
  readonly #pressureDrops = new Set<(bytes: number) => number>();
  readonly #context: RunContext;
  readonly #temporaryFolder: string;
  readonly #removeFolder: () => void;
  readonly #history: DatabaseHistory;
  /** Weak, so that a session that its caller forgot gives its connection back. */
  readonly #sessions = new Set<WeakRef<EngineSession>>();
  readonly #rows = new Set<GrowingRows<NativeChunk>>();
  readonly #checkers = new Set<StatementChecker>();
  readonly #probe: NameProbe;
  readonly #defined = { tables: 0, functions: 0 };
  readonly #files = new AttachedFiles((sql) => this.#query(sql));
  #spool: Promise<SpoolDatabase> | undefined;
  #nextSession = 1;
  #nextCopy = 1;
  #collectAboveBytes = FORGOTTEN_BYTES;
  #arrivedBytes = 0;
  #internalQueue: Promise<unknown> = Promise.resolve();
  /** Connections for cells that are being made and do not count in the pool yet. */
  #workersToCome = 0;
  readonly #closing = new AbortController();
  #aggregator: Connection | undefined;
  #aggregating: Promise<unknown> | undefined;
  #lastRun: ParallelStats['lastRun'];
  #lastAggregate: ParallelStats['lastAggregate'];
  #closed: Promise<void> | undefined;

  constructor(
    options: ReturnType<typeof resolveOptions>,
    database: Database,
    internal: Connection,
    memoryLimit: MemoryLimit,
    functions: FunctionNames,
    { history, of }: { readonly history: History & RunContext['history']; readonly of: DatabaseHistory },
    temporaryFolder: string,
    removeFolder: () => void,
  ) {
    const { clock, log } = options;
    this.#history = of;
    const machine = new MachineMemory();
    this.#options = options;
    this.#database = database;
    this.#internal = internal;
    this.#memoryLimit = memoryLimit;
    this.#temporaryFolder = temporaryFolder;
    this.#probe = new NameProbe(temporaryFolder);
    this.#removeFolder = removeFolder;
    this.database = database.path;
    this.created = database.created;
    this.duckdbVersion = database.version;
    this.#cache = new ResultCache<CachedRows>(options.cache, clock, (value) => value.rows.release());
    this.#admission = new Admission(options.parallel, clock);
    this.#pool = new LeasePool(
      {
        create: () => database.connect(),
        destroy: (connection) => connection.close(),
        // A connection that does not work counts as one inside a transaction.
        check: async (connection) => !(await connection.inTransaction()),
        onShortage: (count) => this.#askForConnections(count),
      },
      options.pool,
      clock,
      log,
    );
    this.#memory = new MemoryMonitor(
      options.memory,
      {
        measureDuckdb: () => this.#measureDuckdb(),
        resultBytes: () => this.#resultBytes(),
        keptBytes: () => this.#cache.bytes,
        spillFiles: () => countSpillFiles(temporaryFolder, this.#spoolFolder()),
        processBytes: () => this.#resident.read(),
        pressure: () => machine.pressure(),
        steps: this.#cleanUpSteps(),
      },
      clock,
      log,
    );
    this.#watchdog = new MemoryWatchdog(options.memory.ceilingBytes, {
      processBytes: () => this.#resident.read(),
      relieve: (bytes) => this.#memory.relieve('the ceiling is near', bytes),
      giveBack: () => this.#giveBackMemory().catch(() => 0),
      checkMachine: () => void this.#memory.answer(machine.quickPressure()),
    });
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
      createSpool: async (types) => (await this.#openSpool()).createSpool(types),
      track: (rows) => {
        this.#rows.add(rows);
        this.#findForgottenResults();
      },
      watch: (signal, task) => this.#watchdog.run(signal, task),
      arrived: (bytes) => {
        this.#arrivedBytes += bytes;
        if (this.#arrivedBytes < ARRIVED_BYTES) return;
        this.#arrivedBytes = 0;
        collectGarbage();
      },
    };
  }

  async openSession(options: SessionOptions = {}): Promise<Session> {
    this.#checkOpen();
    const id = this.#nextSession++;
    const name = options.name ?? `session ${id}`;
    const lend: LendConnection = async (signal) => {
      const lease = await this.#pool.lease(name, { signal });
      try {
        await lease.resource.setSearchFolder(options.cwd);
        return lease;
      } catch (thrown) {
        await lease.giveBack();
        throw thrown;
      }
    };
    const connection = new SessionConnection(lend, await lend(options.signal));
    const session: EngineSession = new EngineSession({
      id,
      name,
      cwd: options.cwd,
      connection,
      isWanted: () => this.#pool.shortage > 0,
      context: this.#context,
      clock: this.#options.clock,
      onClosed: () => this.#sessions.delete(reference),
      cells: {
        max: this.#options.parallel.enabled ? this.#options.parallel.threads : 0,
        lease: (cwd) => this.#leaseWorker(`${name}, cells`, cwd),
        onRun: (run) => {
          this.#lastRun = Object.freeze(run);
        },
      },
      onDefined: (text) => this.#noteDefinition(text),
    });
    const reference = new WeakRef(session);
    this.#addSession(reference);
    // Those that began to wait while it was made did not find it.
    this.#askForConnections(this.#pool.shortage);
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
      await this.#trip();
    }
    return this.stats();
  }

  async catalog(session?: Session): Promise<CatalogEntry[]> {
    this.#checkOpen();
    // Temporary objects are seen only by their own connection, and a query inside a transaction would pin its snapshot.
    const own =
      session instanceof EngineSession ? session.whileIdle((connection) => readCatalog((sql) => connection.rows(sql))) : undefined;
    const entries = (await own) ?? (await readCatalog((sql) => this.#query(sql)));
    return entries.filter(({ database }) => !isOurs(database));
  }

  async lookAt(path: string): Promise<string> {
    this.#checkOpen();
    return await this.#files.lookAt(path);
  }

  async fileTables(path: string): Promise<CatalogEntry[]> {
    const name = await this.lookAt(path);
    try {
      return (await readCatalog((sql) => this.#query(sql))).filter(({ database }) => database === name);
    } finally {
      await this.leave(path);
    }
  }

  async leave(path: string): Promise<void> {
    if (this.#closed === undefined) await this.#files.leave(path);
  }

  async databases(): Promise<DatabaseEntry[]> {
    this.#checkOpen();
    const databases = await readDatabases((sql) => this.#query(sql));
    return databases.filter(({ name }) => !isOurs(name));
  }

  async schema(schema: SchemaName): Promise<ObjectEntry[]> {
    this.#checkOpen();
    return await readSchema((sql) => this.#query(sql), schema);
  }

  async columns(table: TableName): Promise<TableColumn[]> {
    this.#checkOpen();
    return await readColumns((sql) => this.#query(sql), table);
  }

  async definition(table: TableName): Promise<string | undefined> {
    this.#checkOpen();
    return await readDefinition((sql) => this.#query(sql), table);
  }

  async compare(left: Result, right: Result, options: CompareOptions = {}): Promise<Comparison> {
    this.#checkOpen();
    return await compareResults(this.#context, left, right, options);
  }

  async graph(cells: readonly Cell[], session?: Session): Promise<CellGraph> {
    this.#checkOpen();
    const effects =
      session instanceof EngineSession
        ? await session.effectsOf(cells)
        : await this.#internally((connection) => effectsOfAll(this.#context, cleanSession(NOBODY, connection), cells));
    const nodes = cells.map((cell, index) => ({ id: cell.id, effects: effects[index] ?? UNKNOWN_EFFECTS }));
    const all = nodes.map((node) => node.effects);
    const nameOf = (index: number) => cells[index]?.name ?? `cell ${index + 1}`;
    return { cells: nodes, edges: reduceEdges(dependencyEdges(all, nameOf)), flows: flowEdges(all, nameOf), needs: needEdges(all, nameOf) };
  }

  grammarText(): Promise<string> {
    return grammarText();
  }

  openChecker(): Checker {
    this.#checkOpen();
    const checker: StatementChecker = new StatementChecker({
      connect: (folder) => this.#database.connect(folder),
      probe: (kind, name) => this.#probe.ask(kind, name),
      defined: this.#defined,
      onClosed: () => this.#checkers.delete(checker),
    });
    this.#checkers.add(checker);
    return checker;
  }

  freshnessOf(record: unknown): Freshness {
    const { versions, databaseFiles, history } = this.#context;
    return freshnessOfRecord(record, { ...history, versions, databaseFiles }, this.#options.clock.now());
  }

  async archive(result: Result, path: string, options: ArchiveOptions = {}): Promise<ArchiveSummary> {
    this.#checkOpen();
    return await archiveResult(() => this.#openSpool(), result, path, options);
  }

  cacheEntries(): CacheEntry[] {
    return this.#cache.entries((stored) => entryProof(this.#context.versions, stored));
  }

  invalidateCacheEntry(id: number): boolean {
    return this.#cache.invalidate(id);
  }

  spillFiles(): SpillFile[] {
    return listSpillFiles(this.#temporaryFolder, this.#spoolFolder());
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
    this.#pressureDrops.add(drop);
    return () => this.#pressureDrops.delete(drop);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    const monitored = this.#memory.dispose();
    this.#watchdog.dispose();
    await Promise.all([...this.#sessions].map((reference) => reference.deref()?.close()));
    await Promise.all([...this.#checkers].map((checker) => checker.close()));
    await this.#probe.close();
    await this.#pool.drain();
    await this.#aggregating;
    await this.#aggregator?.close();
    this.#cache.clear();
    for (const rows of this.#rows) rows.discard();
    await monitored;
    await this.#internalQueue;
    const stamp = await this.#settledStamp();
    await this.#internal.close();
    await (await this.#spool)?.close();
    rmSync(this.#spoolFolder(), { recursive: true, force: true });
    this.#database.close();
    this.#history.seal(this.#context.history.id, this.#context.versions.past(), stamp);
    this.#resident.close();
    this.#removeFolder();
  }

  /** The file's stamp with everything written to it: closing it changes nothing then. Undefined where that cannot be. */
  async #settledStamp(): Promise<string | undefined> {
    try {
      if (this.#options.historyFolder === undefined || this.#context.databaseFiles.changedByOthers()) return undefined;
      if (!this.#options.readOnly) await this.#internal.rows('checkpoint');
      return this.#history.stamp();
    } catch {
      return undefined;
    }
  }

  #addSession(reference: WeakRef<EngineSession>): void {
    for (const other of this.#sessions) if (!other.deref()) this.#sessions.delete(other);
    this.#sessions.add(reference);
  }

  async #aggregate(request: AggregateRequest): Promise<AggregateResult> {
    this.#checkOpen();
    const { clock, parallel } = this.#options;
    const started = clock.monotonic();
    const { signal } = request;
    const closing = this.#closing.signal;
    const stoppable = { ...request, signal: signal ? AbortSignal.any([signal, closing]) : closing };
    const result = await this.#onAggregator(request.query !== undefined, (connection) => {
      const run = () => runAggregate(connection, stoppable, parallel.threads);
      const author = { session: 'an aggregate', origin: undefined, sql: request.query ?? '' };
      // A table is only read. What a query does beside that is not known, so it counts as a write, as a session's does.
      const task = request.query === undefined ? run : () => this.#context.versions.around({ effect: UNKNOWN_EFFECT, author }, run);
      return this.#admission.submit(task, { signal: stoppable.signal });
    });
    const elapsedMs = clock.monotonic() - started;
    this.#lastAggregate = Object.freeze({ strategy: result.strategy, reason: result.reason, elapsedMs });
    return Object.freeze({ ...result, elapsedMs });
  }

  /**
   * Lends a connection for an aggregate. To make one takes longer than small aggregates do, so one is kept, for tables: a query
   * could leave something behind in it.
   */
  async #onAggregator<T>(fresh: boolean, use: (connection: Connection) => Promise<T>): Promise<T> {
    if (fresh || this.#aggregating !== undefined) {
      const lease = await this.#pool.lease('aggregate', { purpose: 'query' });
      lease.running = 'aggregate';
      try {
        return await use(lease.resource);
      } finally {
        await lease.giveBack();
      }
    }
    const turn = this.#connectAggregator().then(use);
    this.#aggregating = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#aggregating = undefined;
    }
  }

  async #connectAggregator(): Promise<Connection> {
    this.#aggregator ??= await this.#database.connect();
    return this.#aggregator;
  }

  /** Has sessions that rest and have nothing of their own give their connections to those who wait, the longest unused first. */
  #askForConnections(count: number): void {
    const sessions = [...this.#sessions].flatMap((reference) => reference.deref() ?? []);
    let missing = count - sessions.filter(({ yielding }) => yielding).length;
    for (const session of sessions.sort((a, b) => a.lastTurn - b.lastTurn)) {
      if (missing <= 0) return;
      if (session.yieldConnection()) missing--;
    }
  }

  /** Leaves one connection free for the next session, and never waits for one. */
  async #leaseWorker(name: string, cwd: string | undefined): Promise<Lease<Connection> | undefined> {
    const { active, max, waiting } = this.#pool.stats();
    if (this.#closed !== undefined || waiting > 0 || active + this.#workersToCome + 1 >= max) return undefined;
    this.#workersToCome++;
    let lease: Lease<Connection> | undefined;
    try {
      lease = await this.#pool.lease(name, { purpose: 'query' });
      await lease.resource.setSearchFolder(cwd);
      return lease;
    } catch {
      // The cell runs on its session's own connection instead.
      await lease?.giveBack();
      return undefined;
    } finally {
      this.#workersToCome--;
    }
  }

  #parallelStats(): ParallelStats {
    const { enabled, threads } = this.#options.parallel;
    const more = { lastRun: this.#lastRun, lastAggregate: this.#lastAggregate };
    return Object.freeze({ enabled, threads, ...this.#admission.stats(), ...more });
  }

  /** Functions are read seldom, because reading them takes DuckDB a tenth of a second. */
  #noteDefinition(text: string): void {
    this.#defined.tables++;
    if (!/^(?:create|drop|alter)\b/i.test(text) || /\b(?:macro|function|schema)\b/i.test(text)) this.#defined.functions++;
  }

  #checkOpen(): void {
    if (this.#closed !== undefined) throw new KodiakError('unavailable', 'The engine is closed.');
  }

  #spoolFolder(): string {
    return join(this.#temporaryFolder, `results-${process.pid}`);
  }

  #openSpool(): Promise<SpoolDatabase> {
    // Each time: a cleaner of temporary files may have removed it.
    mkdirSync(this.#spoolFolder(), { recursive: true, mode: 0o700 });
    if (!this.#spool) {
      const options = {
        ...this.#options.results,
        threads: this.#options.parallel.threads,
        temporaryFolder: this.#spoolFolder(),
        submit: <T>(task: () => Promise<T>, signal: AbortSignal) => this.#admission.submit(task, { signal }),
        checkTarget: (path: string) => this.checkExportTarget(path),
      };
      this.#spool = SpoolDatabase.open(this.#database.duckdb, options, this.#database.read);
      // Forgotten on failure, so that the next large result tries again.
      this.#spool.catch(() => {
        this.#spool = undefined;
      });
    }
    return this.#spool;
  }

  /** A file that is a database now must not be replaced under it. */
  async checkExportTarget(path: string): Promise<void> {
    const databases = await this.#query('select path from duckdb_databases() where path is not null');
    const open = new Set(databases.flatMap(([file]) => [realPathOf(String(file)), realPathOf(`${file}.wal`)]));
    if (open.has(realPathOf(path))) throw new KodiakError('unavailable', `${path} cannot be written: it is a database that is open.`);
  }

  async backup(path: string, options: BackupOptions = {}): Promise<BackupSummary> {
    this.#checkOpen();
    await this.checkExportTarget(path);
    return await this.#pool.withLease(
      'backup',
      (connection) => backupDatabase(connection, `${OUR_DATABASES}backup_${this.#nextCopy++}`, path, options),
      // As long as a session's: it is not forgotten because it takes minutes.
      { purpose: 'session', signal: options.signal },
    );
  }

  async restore(path: string, options: Omit<BackupOptions, 'overwrite'> = {}): Promise<RestoreSummary> {
    this.#checkOpen();
    if (this.#options.readOnly) throw new KodiakError('unavailable', 'The database is open read-only: nothing can be restored into it.');
    const busy = [...this.#sessions].flatMap((reference) => reference.deref() ?? []).filter(({ inTransaction }) => inTransaction);
    if (busy[0]) {
      throw new KodiakError('unavailable', `Nothing was restored: ${busy[0].name} has an open transaction. COMMIT or ROLLBACK it first.`);
    }
    const backup = await this.lookAt(path);
    const session = await this.openSession({ name: 'restore', ...(options.signal && { signal: options.signal }) });
    try {
      const before = this.database === ':memory:' ? undefined : beforeRestorePath(this.database);
      const { signal } = options;
      if (before !== undefined) await this.backup(before, { ...(signal && { signal }) });
      const restored = await this.#pool.withLease(
        'restore',
        async (connection) => {
          const database = String((await connection.rows('select current_database()'))[0]?.[0]);
          if (database === backup) throw new KodiakError('unavailable', `${path} is the database that is open.`);
          return await restoreDatabase({ connection, database, backup, session }, options);
        },
        { purpose: 'session', signal },
      );
      return { ...restored, ...(before !== undefined && { before }) };
    } finally {
      await session.close();
      await this.leave(path);
    }
  }

  /** One internal query at a time: a connection serves one. */
  #query(sql: string) {
    return this.#internally((connection) => connection.rows(sql));
  }

  #internally<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const turn = this.#internalQueue.then(() => work(this.#internal));
    this.#internalQueue = turn.catch(() => undefined);
    return turn;
  }

  async #measureDuckdb(): Promise<DuckdbMemory> {
    const rows = await this.#query(MEMORY_QUERY).catch((thrown: unknown) => {
      // A database that a fatal fault has closed answers nothing: what results take is still worth knowing.
      if (thrown instanceof KodiakError && thrown.code === 'unavailable') return [];
      throw thrown;
    });
    const stored = await (await this.#spool)?.measure();
    const uses = rows.map(([tag, bytes]) => Object.freeze({ tag: String(tag), bytes: Number(bytes) }));
    return {
      duckdbBytes: uses.reduce((sum, { bytes }) => sum + bytes, 0),
      storedBytes: stored?.memoryBytes ?? 0,
      spillBytes: rows.reduce((sum, [, , bytes]) => sum + Number(bytes), stored?.spillBytes ?? 0),
      tags: Object.freeze(uses.filter(({ bytes }) => bytes > 0).slice(0, MAX_TAGS)),
    };
  }

  /** Everything counts as changed when something changed that no statement of a session did. It should never happen. */
  async #trip(): Promise<void> {
    const { versions, databaseFiles } = this.#context;
    const turn = this.#internalQueue.then(() => this.#database.ranUnnoticed(this.#internal));
    this.#internalQueue = turn.catch(() => undefined);
    // What cannot be asked any more, after a fatal fault, proves nothing either.
    const unnoticed = await turn.catch(() => true);
    if (!unnoticed && !databaseFiles.changedByOthers()) return;
    versions.moveAll();
    this.#options.log('The database changed without a statement of a session: no cached result is used any more.');
  }

  /** In the order of what costs the user least. What a closed session had is no step: its connection is destroyed with it. */
  #cleanUpSteps(): readonly CleanUpStep[] {
    return [
      { name: 'forgotten results', free: () => this.#freeForgotten() },
      { name: 'cache entries', free: (bytes) => this.#cache.evictTo(Math.max(0, this.#cache.bytes - bytes)), kept: true },
      { name: 'stored results', free: (bytes) => this.#dropElsewhere(bytes) },
      { name: 'idle tables', free: (bytes) => this.#moveIdleTables(bytes) },
      { name: 'allocators', free: () => this.#giveBackMemory(), returns: true },
    ];
  }

  async #freeForgotten(): Promise<number> {
    const before = this.#trackedBytes();
    collectGarbage();
    // The collector tells of what it found in a task of its own, which is done by the second turn.
    await setImmediate();
    await setImmediate();
    return before - this.#trackedBytes();
  }

  #dropElsewhere(bytes: number): number {
    let freed = 0;
    for (const drop of this.#pressureDrops) if (freed < bytes) freed += drop(bytes - freed);
    return freed;
  }

  /** Temporary tables of idle sessions, tables in memory and blocks of files go to disk; nothing is lost. */
  async #moveIdleTables(bytes: number): Promise<number> {
    const moved = await this.#watchdog.whileQuiet(async () => {
      const { duckdbBytes } = await this.#measureDuckdb();
      const left = Math.max(MIN_IDLE_BYTES, duckdbBytes - bytes);
      if (left >= duckdbBytes) return 0;
      await this.#memoryLimit.evictTo((sql) => this.#query(sql), left);
      return duckdbBytes - (await this.#measureDuckdb()).duckdbBytes;
    });
    return moved ?? 0;
  }

  async #giveBackMemory(): Promise<number> {
    const before = this.#resident.read();
    collectGarbage();
    await setImmediate();
    await this.#memoryLimit.giveBack((sql) => this.#query(sql));
    return before - this.#resident.read();
  }

  /** Bytes of all results that somebody holds. */
  #trackedBytes(): number {
    let bytes = 0;
    for (const rows of this.#rows) if (!rows.gone) bytes += rows.bytes;
    return bytes;
  }

  /** Results whose handles were dropped without `release` are found only when V8 collects; it does not see their native rows. */
  #findForgottenResults(): void {
    const bytes = this.#resultBytes();
    if (bytes > this.#collectAboveBytes) collectGarbage();
    else if (bytes > this.#collectAboveBytes - FORGOTTEN_BYTES) return;
    this.#collectAboveBytes = bytes + FORGOTTEN_BYTES;
  }

  #resultBytes(): number {
    let bytes = 0;
    for (const rows of this.#rows) {
      if (rows.gone) this.#rows.delete(rows);
      else bytes += rows.chunkBytes;
    }
    return bytes;
  }
}

/** As the history of a database is called. */
function databasePathOf(database: string): string {
  return database === '' || database === ':memory:' ? ':memory:' : realPathOf(database);
}

/**
 * As `Engine.freshnessOf`, while no engine has the database open: its file is not opened for it, only looked at. What was read from
 * tables in memory is gone.
 */
export function freshnessUnopened(record: unknown, options: Pick<EngineOptions, 'database' | 'historyFolder'>, nowMs: number): Freshness {
  const { database = ':memory:', historyFolder } = options;
  const looked = new DatabaseHistory(historyFolder, databasePathOf(database)).look();
  const view = looked && { id: looked.id, life: '', versions: new Versions(() => nowMs, looked.past), databaseFiles: undefined };
  return freshnessOfRecord(record, view, nowMs);
}

function freshnessOfRecord(value: unknown, history: HistoryView | undefined, nowMs: number): Freshness {
  const record = readRecord(value);
  return record ? compareRecord(record, history, nowMs) : { state: 'unknown', reason: 'what it read was not kept' };
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
