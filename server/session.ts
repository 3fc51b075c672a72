import { existsSync } from 'node:fs';
import { type Clock, systemClock } from '../engine/base/clock.ts';
import { KodiakError } from '../engine/base/errors.ts';
import { after } from '../engine/base/timers.ts';
import { freshnessUnopened } from '../engine/engine.ts';
import type { Engine, EngineOptions, Session } from '../engine/types.ts';
import { ActivityFeed } from './activity/activityFeed.ts';
import { ResultArchive } from './archive/resultArchive.ts';
import { AttachedClients } from './attachedClients.ts';
import type { Client } from './client.ts';
import { closedStats } from './closedStats.ts';
import { FreshnessFeed } from './freshnessFeed.ts';
import { type HistoryOptions, StatementHistory } from './history/statementHistory.ts';
import { loadEngine, type OpenEngine } from './loadEngine.ts';
import type { Log } from './log.ts';
import { LookedAtFiles } from './lookedAtFiles.ts';
import { mayChangeCatalog } from './mayChangeCatalog.ts';
import type { AttachedInfo, HandOverResult } from './protocol/attached.ts';
import {
  catalogChanged,
  type EngineInfo,
  type EngineStateParams,
  engineState,
  keepingStopped,
  type NotificationDescriptor,
  statsChanged,
} from './protocol/requests.ts';
import { memoryName, realDatabasePath, type SocketLocation } from './protocol/socketLocation.ts';
import type { WireStats } from './protocol/stats.ts';
import { ResultRegistry } from './resultRegistry.ts';
import type { EndedRun } from './runOutcome.ts';
import { SqlSessions } from './sqlSessions.ts';
import { isBusy, StatsFeed } from './statsFeed.ts';
import { toWireFailure, toWireStats } from './wire.ts';

/** Results that nothing shows: their number, and their size where no setting gives it. */
const MAX_RESULT_HANDLES = 500;
/** For the answer to leave first. */
const HAND_OVER_DELAY_MS = 50;
/** How long a server that leaves a database may take to close it. */
const FREE_LIMIT_MS = 4_000;
const FREE_POLL_MS = 50;
const MAX_RESULT_BYTES = 512 * 1024 * 1024;

export interface ServerSessionOptions {
  readonly engine: EngineOptions;
  /** Kodiak's version. */
  readonly version: string;
  /** Who started this process; default: an editor. */
  readonly host?: AttachedInfo['host'];
  /** Ends this process, where others may be given its database. */
  readonly leave?: () => void;
  /** Has another server of ours leave the database, which could not be opened; false when there is none. */
  readonly takeOver?: (database: string) => Promise<boolean>;
  readonly log: Log;
  /** Makes the server reachable for terminals; `database` is the name that `socketLocation` takes. */
  readonly listen: (database: string) => Promise<SocketLocation>;
  /** The notebook that a cell's document belongs to, where the editor tells of notebooks. */
  readonly notebookOf?: (cellUri: string) => string | undefined;
  /** False when the workspace is not trusted: what helps with SQL then opens no file, the database's neither before something runs. */
  readonly trusted?: boolean;
  /** Where outputs of notebook cells are kept for the next time, and how much of them. */
  readonly archive?: { readonly folder: string | undefined; readonly maxBytes: number };
  /** Where the statements are recorded; nowhere by default. */
  readonly history?: HistoryOptions;
  /** Whether a notebook of that URI is open, where the editor tells of notebooks. */
  readonly isNotebook?: (uri: string) => boolean;
  /** Told after each script that a client ran, whether it succeeded or not. */
  readonly ran?: (sessionId: string, sql: string) => void;
  readonly loadEngine?: () => Promise<OpenEngine>;
  readonly clock?: Clock;
}

/** A script that a client ran. */
export interface ScriptRun {
  readonly sessionId: string;
  readonly sql: string;
  /** What stopped it, and at which of its statements. */
  readonly failure?: { readonly error: KodiakError; readonly statementIndex: number };
}

/** An engine for the language help. */
export interface LanguageEngine {
  readonly engine: Engine;
  /** True when it stands in for a database whose names are not known. */
  readonly namesUnknown: boolean;
}

const NO_HISTORY: HistoryOptions = { folder: undefined, enabled: false, maxBytes: 0, storesValues: false };

const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** What stands in for a database that is not opened needs little. */
const STAND_IN_POOL = { maxConnections: 3, acquireTimeoutMs: 5_000, maxWaiting: 100 };

/** One engine with everything that is open on it: clients, SQL sessions, result handles. Opens the engine at first use. */
export class ServerSession {
  readonly results: ResultRegistry;
  /** Outputs on disk. */
  readonly archive: ResultArchive;
  /** Every statement of every session, on disk. */
  readonly history: StatementHistory;
  readonly clock: Clock;
  readonly stats: StatsFeed;
  /** What goes on, for those who watch it. */
  readonly activity: ActivityFeed;
  readonly lookedAt = new LookedAtFiles();
  readonly freshness = new FreshnessFeed(undefined, (resultId) => this.archive.readingOf(resultId));
  /** Told how each script ended that a client ran. */
  readonly outcomeListeners = new Set<(run: EndedRun) => void>();
  /** Called after each run of a script, whoever ran it. */
  readonly ranListeners = new Set<(run: ScriptRun) => void>();
  /** Called with a notebook when names of its cells' results have changed. */
  readonly nameListeners = new Set<(notebook: string) => void>();
  readonly #cellNames = new Map<string, ReadonlyMap<string, string>>();
  readonly #options: ServerSessionOptions;
  readonly #sessions = new SqlSessions();
  readonly #clients: AttachedClients;
  #cacheEnabled: boolean;
  #opening: Promise<Engine> | undefined;
  #engine: Engine | undefined;
  #standIn: Promise<Engine> | undefined;
  #openingFailed = false;
  #listening: Promise<SocketLocation> | undefined;
  #closing: Promise<void> | undefined;
  #isClosing = false;

  constructor(options: ServerSessionOptions) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.#clients = new AttachedClients(this.clock);
    this.#cacheEnabled = options.engine.cache?.enabled ?? true;
    const maxBytes = options.engine.results?.memoryLimitBytes ?? MAX_RESULT_BYTES;
    this.archive = new ResultArchive({
      folder: options.archive?.folder,
      maxBytes: options.archive?.maxBytes ?? 0,
      database: this.database,
      clock: this.clock,
      log: options.log,
      engine: () => this.#engine,
      freshnessOf: (record) => this.#engine?.freshnessOf(record) ?? freshnessUnopened(record, this.#options.engine, this.clock.now()),
      readingOf: (resultId) => this.freshness.find(resultId),
      onStopped: (message) => {
        for (const client of this.#clients) client.notify(keepingStopped, { message });
      },
    });
    this.history = new StatementHistory({
      ...(options.history ?? NO_HISTORY),
      database: this.database,
      clock: this.clock,
      log: options.log,
      isNotebook: options.isNotebook ?? (() => false),
      clients: () => this.#clients,
    });
    this.results = new ResultRegistry({ maxHandles: MAX_RESULT_HANDLES, maxBytes }, (resultId) => this.archive.reopen(resultId));
    this.stats = new StatsFeed({
      clock: this.clock,
      send: () => this.#sendStats(),
      sample: async () => this.#engine?.sampleMemory(),
    });
    this.activity = new ActivityFeed({
      clock: this.clock,
      engine: () => this.#engine,
      refresh: () => this.stats.changed(),
      outcomes: this.outcomeListeners,
    });
  }

  get log(): Log {
    return this.#options.log;
  }

  /** The engine if it is open. */
  get engine(): Engine | undefined {
    return this.#engine;
  }

  get database(): string {
    return this.#options.engine.database ?? ':memory:';
  }

  /** The engine; opens it if need be. A failure is forgotten, so that the next call tries again. */
  open(): Promise<Engine> {
    if (this.#isClosing) return Promise.reject(closingFailure());
    this.#opening ??= this.#openEngine();
    return this.#opening;
  }

  /** The database's file when opening would make it. */
  get notMade(): string | undefined {
    const isThere = this.#opening !== undefined || this.database === ':memory:' || existsSync(this.database);
    return isThere ? undefined : this.database;
  }

  get trusted(): boolean {
    return this.#options.trusted !== false;
  }

  /**
   * An engine to ask while SQL is written. It never makes a database file, and does not try again what failed: a database in memory
   * stands in for one that does not exist yet, cannot be opened, or must not be opened because the workspace is not trusted.
   */
  async languageEngine(): Promise<LanguageEngine | undefined> {
    const inMemory = this.database === ':memory:';
    const exists = inMemory || existsSync(this.database);
    const mayOpen = this.#opening !== undefined || inMemory || (this.trusted && exists && !this.#openingFailed);
    if (mayOpen) {
      const engine = await this.open().catch(() => undefined);
      if (engine || this.#isClosing) return engine && { engine, namesUnknown: false };
      this.#openingFailed = true;
    }
    this.#standIn ??= this.#openStandIn();
    const engine = await this.#standIn.catch(() => undefined);
    return engine && { engine, namesUnknown: exists || !this.trusted };
  }

  info(engine: Engine): EngineInfo {
    return {
      version: this.#options.version,
      duckdbVersion: engine.duckdbVersion,
      pid: process.pid,
      database: engine.database,
      created: engine.created,
      platform: `${process.platform}-${process.arch}`,
    };
  }

  attach(client: Client): void {
    this.#clients.add(client);
  }

  /** Who uses this server. */
  attached(): AttachedInfo {
    return {
      pid: process.pid,
      version: this.#options.version,
      database: this.database,
      open: this.#engine !== undefined,
      readOnly: this.#options.engine.readOnly === true,
      host: this.#options.host ?? 'editor',
      upMs: Math.round(process.uptime() * 1000),
      rssBytes: process.memoryUsage.rss(),
      clients: this.#clients.describe((client) => this.#sessions.countOf(client)),
    };
  }

  /** Leaves the database to another server, where no session loses anything by it: their terminals attach to that one. */
  async handOver(): Promise<HandOverResult> {
    const { leave, host } = this.#options;
    const holder = host === 'terminal' ? "a terminal's server" : host === 'vscode' ? 'another VS Code window' : 'another editor';
    const refused = (reason: string): HandOverResult => ({ accepted: false, pid: process.pid, holder, reason });
    if (leave === undefined || this.database === ':memory:') return refused('it is used there');
    const bound = await this.#sessions.countBound();
    if (bound > 0)
      return refused(
        `${bound === 1 ? 'a session has' : `${bound} sessions have`} a running query, a transaction, temporary tables or settings there`,
      );
    this.log('Another server takes the database over.');
    after(HAND_OVER_DELAY_MS, leave);
    return { accepted: true, pid: process.pid, holder };
  }

  /** Ends what the client left behind: its queries, and the sessions that nobody else uses. */
  async detach(client: Client): Promise<void> {
    this.#clients.delete(client);
    client.cancelAll();
    this.freshness.unwatch(client);
    this.activity.unwatch(client);
    this.history.watch(client, false);
    this.results.unpinAll(client);
    for (const path of this.lookedAt.removeAll(client)) await this.#engine?.leave(path).catch(() => undefined);
    await Promise.all(this.#sessions.removeUser(client).map((sessionId) => this.closeSession(sessionId)));
  }

  async openSession(client: Client, sessionId: string, cwd: string | undefined): Promise<Session> {
    const session = await this.#sessions.obtain(client, sessionId, () => this.open(), {
      name: sessionId,
      ...(cwd !== undefined && { cwd }),
    });
    this.stats.changed();
    return session;
  }

  hasSession(sessionId: string): boolean {
    return this.#sessions.has(sessionId);
  }

  /** The session if it is open or being opened. */
  findSession(sessionId: string): Promise<Session | undefined> {
    return this.#sessions.find(sessionId);
  }

  /** Interrupts what runs there; results and temporary objects are gone. */
  async closeSession(sessionId: string): Promise<void> {
    const closed = await this.#sessions.close(sessionId);
    this.results.releaseOwner(sessionId);
    this.freshness.forgetOwner(sessionId);
    if (closed) this.stats.changed();
  }

  /** The figures now; those of a closed engine are the settings and zeros. */
  readStats(): WireStats {
    return this.#engine ? toWireStats(this.#engine.stats()) : closedStats({ ...this.#options.engine, cache: this.#cacheOptions() });
  }

  /** Holds for an engine that is opened later, too. */
  setCacheEnabled(enabled: boolean): void {
    this.#cacheEnabled = enabled;
    this.#engine?.setCacheEnabled(enabled);
    this.stats.changed();
  }

  /** The names under which the results of a notebook's cells are read, by the cells' URIs. */
  namesIn(notebook: string): ReadonlyMap<string, string> {
    return this.#cellNames.get(notebook) ?? NO_NAMES;
  }

  nameCells(notebook: string, names: ReadonlyMap<string, string>): void {
    if (names.size === 0) this.#cellNames.delete(notebook);
    else this.#cellNames.set(notebook, names);
    for (const listener of this.nameListeners) listener(notebook);
  }

  notebookOf(cellUri: string): string | undefined {
    return this.#options.notebookOf?.(cellUri);
  }

  /** A script of the session has ended. */
  ran(run: ScriptRun): void {
    this.#options.ran?.(run.sessionId, run.sql);
    for (const listener of this.ranListeners) listener(run);
    // Also a script that changed nothing: what could not be asked while it ran can be now.
    this.freshness.changed();
    if (mayChangeCatalog(run.sql)) this.#tellWatchers(catalogChanged, null);
  }

  /** Makes the server reachable for terminals. A failure is forgotten, so that the next call tries again. */
  listen(): Promise<SocketLocation> {
    const name = this.database === ':memory:' ? memoryName(process.pid) : realDatabasePath(this.database);
    this.#listening ??= this.#options.listen(name).catch((thrown: unknown) => {
      this.#listening = undefined;
      throw thrown;
    });
    return this.#listening;
  }

  /** Interrupts and closes everything; a second call waits for the first. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #openEngine(): Promise<Engine> {
    this.#announce({ state: 'opening' });
    try {
      const openEngine = await (this.#options.loadEngine ?? loadEngine)();
      const options = { ...this.#options.engine, cache: this.#cacheOptions(), log: this.log, clock: this.clock };
      const engine = await openEngine(options).catch(async (thrown: unknown) => {
        if (this.#isClosing || !(await this.#mayTakeOver(thrown))) throw thrown;
        return await this.#openWhenFree(() => openEngine(options));
      });
      if (this.#isClosing) {
        await engine.close();
        throw closingFailure();
      }
      engine.setCacheEnabled(this.#cacheEnabled);
      engine.onSourcesChanged(() => this.freshness.changed());
      engine.onMemoryPressure((bytes) => this.results.dropOldest(bytes));
      this.#engine = engine;
      this.#openingFailed = false;
      await this.#closeStandIn();
      this.#announce({ state: 'open', info: this.info(engine) });
      this.listen().catch((thrown: unknown) => this.log(`Terminals cannot attach: ${toWireFailure(thrown).message}`));
      return engine;
    } catch (thrown) {
      this.#opening = undefined;
      this.#announce({ state: 'failed', failure: toWireFailure(thrown) });
      throw thrown;
    }
  }

  /** The server before takes a moment to close the file. */
  async #openWhenFree(open: () => Promise<Engine>): Promise<Engine> {
    const until = this.clock.monotonic() + FREE_LIMIT_MS;
    for (;;) {
      try {
        return await open();
      } catch (thrown) {
        if (this.#isClosing || this.clock.monotonic() > until) throw thrown;
        await new Promise<void>((resolve) => after(FREE_POLL_MS, resolve));
      }
    }
  }

  async #mayTakeOver(thrown: unknown): Promise<boolean> {
    if (this.database === ':memory:' || !(thrown instanceof KodiakError) || thrown.code !== 'unavailable') return false;
    return (await this.#options.takeOver?.(this.database)) ?? false;
  }

  async #closeAll(): Promise<void> {
    this.#isClosing = true;
    for (const client of this.#clients) client.cancelAll();
    this.stats.dispose();
    this.activity.dispose();
    this.freshness.dispose();
    await Promise.all([this.archive.close(), this.history.flush()]);
    const engine = await this.#opening?.catch(() => undefined);
    this.#engine = undefined;
    this.results.releaseAll();
    this.#sessions.forgetAll();
    await Promise.all([engine?.close(), this.#closeStandIn()]);
    await this.history.flush();
    this.#announce({ state: 'closed' });
    this.#clients.dispose();
  }

  async #openStandIn(): Promise<Engine> {
    const openEngine = await (this.#options.loadEngine ?? loadEngine)();
    const engine = await openEngine({
      ...this.#options.engine,
      database: ':memory:',
      readOnly: false,
      pool: STAND_IN_POOL,
      log: this.log,
      clock: this.clock,
    });
    const session = await engine.openSession({ name: 'stand-in' });
    const name = databaseName(this.database).replaceAll('"', '""');
    await session.run(`attach ':memory:' as "${name}"`).catch(() => undefined);
    await session.close();
    return engine;
  }

  async #closeStandIn(): Promise<void> {
    const standIn = this.#standIn;
    this.#standIn = undefined;
    await (await standIn?.catch(() => undefined))?.close();
  }

  #cacheOptions(): NonNullable<EngineOptions['cache']> {
    return { ...this.#options.engine.cache, enabled: this.#cacheEnabled };
  }

  #announce(state: EngineStateParams): void {
    for (const client of this.#clients) client.notify(engineState, state);
  }

  /** A database that could not be opened has no figures: zeros would look like some. */
  #sendStats(): boolean {
    if (this.#engine === undefined) return false;
    const stats = this.readStats();
    this.#tellWatchers(statsChanged, stats);
    this.activity.take(stats);
    return isBusy(stats);
  }

  /** Tells all but terminals, which ask when they want to know: a hundred of them would be told of each other's every statement. */
  #tellWatchers<Params>(descriptor: NotificationDescriptor<Params>, params: Params): void {
    for (const client of this.#clients) if (client.identity.kind !== 'terminal') client.notify(descriptor, params);
  }
}

/** The name that DuckDB gives a database file. */
export function databaseName(path: string): string {
  return path.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '');
}

function closingFailure(): KodiakError {
  return new KodiakError('unavailable', 'The Kodiak server is closing.');
}
