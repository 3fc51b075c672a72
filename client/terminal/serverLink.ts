import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { attachedChanged, type ClientIdentity, readAttached } from '../../server/protocol/attached.ts';
import {
  cancelQuery,
  closeSession,
  type EngineInfo,
  openDatabase,
  type QueryProgressParams,
  queryProgress,
  type RequestDescriptor,
  type ResultHandle,
  type RunQueryResult,
  resultOpened,
  runQuery,
} from '../../server/protocol/requests.ts';
import { realDatabasePath, socketLocation } from '../../server/protocol/socketLocation.ts';
import { attach, type ServerConnection, ServerLost } from './serverConnection.ts';
import { exitText, type StartedServer, startServer } from './serverProgram.ts';

const CANCEL_AGAIN_MS = 50;

/** A server that was found by its socket has another one after a restart. */
const OPEN_AGAIN = 'Open a new terminal with "Kodiak: Open REPL".';

/** Which server to use. `path` is a real absolute path. */
export type ServerTarget =
  | { readonly kind: 'memory' }
  | { readonly kind: 'file'; readonly path: string; readonly readOnly: boolean }
  | { readonly kind: 'attach'; readonly socketFile: string; readonly tokenFile: string };

export interface RunHooks {
  /** Aborting cancels the query; the run then ends with a failure of code `cancelled`. */
  readonly signal: AbortSignal;
  /** The name under which later statements read the rows. */
  readonly resultName?: string | undefined;
  /** The file that the SQL was taken from, for the history. */
  readonly source?: string | undefined;
  /** It may run beside others of its session, as `cellReady` said. */
  readonly apart?: boolean;
  readonly onProgress?: (progress: QueryProgressParams) => void;
  /** First rows are there while the rest still arrives. */
  readonly onOpened?: (result: ResultHandle) => void;
}

/**
 * The way to a server that lasts longer than one connection: when the server is gone it says so once, and the next request
 * attaches or starts again.
 */
export class ServerLink {
  readonly target: ServerTarget;
  #connecting: Promise<ServerConnection> | undefined;
  #connection: ServerConnection | undefined;
  #own: StartedServer | undefined;
  #runs = 0;
  #info: EngineInfo | undefined;
  readonly #restore: ((connection: ServerConnection) => Promise<void>) | undefined;
  #clients: readonly ClientIdentity[] = [];

  /** `restore` gives the session what it had at a server before; when it rejects, so does what asked for the connection. */
  constructor(target: ServerTarget, restore?: (connection: ServerConnection) => Promise<void>) {
    this.target = target;
    this.#restore = restore;
  }

  /** What the server said about the database when it was last opened. */
  get info(): EngineInfo | undefined {
    return this.#info;
  }

  /** All programs that use the server, this one among them. */
  get clients(): readonly ClientIdentity[] {
    return this.connected ? this.#clients : [];
  }

  get connected(): boolean {
    return this.#connection?.open === true;
  }

  async request<Params, Result>(descriptor: RequestDescriptor<Params, Result>, params: Params): Promise<Result> {
    const connection = await this.connect();
    try {
      return await connection.request(descriptor, params);
    } catch (error) {
      throw error instanceof ServerLost ? new ServerLost(await this.#lossText()) : error;
    }
  }

  /** Runs SQL; the caller cancels with the signal. Rejects with `ServerLost` when the server ends before the query does. */
  async run(sql: string, sessionId: string, cwd: string, hooks: RunHooks): Promise<RunQueryResult> {
    const connection = await this.connect();
    const runId = `${process.pid}-${++this.#runs}`;
    const stopProgress = connection.on(queryProgress, (progress) => {
      if (progress.runId === runId) hooks.onProgress?.(progress);
    });
    const stopOpened = connection.on(resultOpened, (opened) => {
      if (opened.runId === runId) hooks.onOpened?.(opened.result);
    });
    let ended = false;
    // Asked again until the server knows the run: the wish to cancel can overtake it on the way.
    const cancel = async () => {
      while (!ended) {
        const { found } = await connection.request(cancelQuery, { runId }).catch(() => ({ found: true }));
        if (found) return;
        await new Promise((resolve) => setTimeout(resolve, CANCEL_AGAIN_MS));
      }
    };
    hooks.signal.addEventListener('abort', cancel);
    try {
      if (hooks.signal.aborted)
        return { statements: [], failure: { code: 'cancelled', message: 'The query was cancelled.' }, elapsedMs: 0 };
      const { resultName, source, apart = false } = hooks;
      const named = { ...(resultName !== undefined && { resultName }), ...(source !== undefined && { source }) };
      const params = { runId, sessionId, sql, cwd, pinned: true, apart, ...named };
      const running = this.request(runQuery, params);
      return await running;
    } finally {
      ended = true;
      hooks.signal.removeEventListener('abort', cancel);
      stopProgress();
      stopOpened();
    }
  }

  /** The open connection, or a new one; the database is open when it resolves. */
  connect(): Promise<ServerConnection> {
    if (this.#connection?.open) return Promise.resolve(this.#connection);
    this.#connecting ??= this.#connectAnew().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  /** Lets go of the server; one with a database in memory ends, as nobody else can find it. */
  close(): void {
    this.#connection?.close();
    if (this.target.kind === 'memory') this.#own?.process.kill();
  }

  async #connectAnew(): Promise<ServerConnection> {
    const connection = await this.#attachOrStart();
    connection.on(attachedChanged, ({ clients }) => {
      this.#clients = clients;
    });
    try {
      this.#info = await connection.request(openDatabase, null);
      this.#clients = (await connection.request(readAttached, null)).clients;
      if (this.target.kind === 'file' && this.target.readOnly) await expectReadOnly(connection, this.#info);
    } catch (error) {
      connection.close();
      throw error instanceof ServerLost ? new ServerLost(await this.#lossText()) : error;
    }
    const isFirst = this.#connection === undefined;
    this.#connection = connection;
    if (!isFirst) await this.#restore?.(connection);
    return connection;
  }

  async #attachOrStart(): Promise<ServerConnection> {
    const { target } = this;
    switch (target.kind) {
      case 'attach': {
        const connection = await attach(target, 'terminal');
        if (connection) return connection;
        // The window is closed: its database can still be had.
        const database = this.#info?.database;
        if (database === undefined || database === ':memory:' || database === '')
          throw new Error(`The server of this terminal is gone: no server listens at ${target.socketFile}. ${OPEN_AGAIN}`);
        this.#own = await startServer(database, { readOnly: false });
        return this.#own.connection;
      }
      case 'file': {
        const connection = await attach(socketLocation(target.path), 'terminal');
        if (connection) return connection;
        this.#own = await startServer(target.path, { readOnly: target.readOnly });
        return this.#own.connection;
      }
      case 'memory':
        this.#own = await startServer(':memory:', { readOnly: false });
        return this.#own.connection;
    }
  }

  async #lossText(): Promise<string> {
    const child = this.#own?.process;
    if (child && this.#connection && this.#connection === this.#own?.connection) await ended(child);
    const how = child && (child.exitCode !== null || child.signalCode !== null) ? ` (${exitText(child)})` : '';
    const lost = this.target.kind === 'memory' ? 'What was in memory is lost. ' : '';
    const isPrivate = this.target.kind === 'attach' && !this.#info?.database.replace(':memory:', '');
    const next = isPrivate ? OPEN_AGAIN : 'The next statement starts it again.';
    return `The server is gone${how}. ${lost}${next}`;
  }
}

/** A server that is there already may have the file open for writing: then read-only cannot be promised. */
async function expectReadOnly(connection: ServerConnection, info: EngineInfo): Promise<void> {
  const sessionId = `readonly-${process.pid}`;
  const sql = 'select readonly from duckdb_databases() where database_name = current_database()';
  const ran = await connection.request(runQuery, { runId: sessionId, sessionId, sql });
  await connection.request(closeSession, { sessionId });
  if (ran.statements[0]?.result.preview[0]?.[0] === true) return;
  throw new Error(`${info.database} is open for writing in Kodiak (process ${info.pid}); without --readonly you can use it there.`);
}

/** Makes a target from a database as typed. Rejects a missing parent folder and a folder. */
export function fileTarget(typed: string, folder: string, readOnly: boolean): ServerTarget {
  if (typed === ':memory:') return { kind: 'memory' };
  const path = realDatabasePath(resolve(folder, typed));
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
  if (isFolder) throw new Error(`${path} is a folder, not a database file.`);
  if (!existsSync(dirname(path))) throw new Error(`The folder ${dirname(path)} does not exist.`);
  return { kind: 'file', path, readOnly };
}

/** The end of a process is known a little after its socket's. */
function ended(child: StartedServer['process']): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 500);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
