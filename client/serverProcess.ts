import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type CancellationToken, Disposable, EventEmitter, type LogOutputChannel, workspace } from 'vscode';
import { IPCMessageReader, IPCMessageWriter, type MessageTransports } from 'vscode-languageclient/node';
import { activityChanged } from '../server/protocol/activity.ts';
import { historyGrew, historyStopped } from '../server/protocol/history.ts';
import {
  catalogChanged,
  cellReady,
  engineState,
  freshnessChanged,
  keepingStopped,
  type NotificationDescriptor,
  queryProgress,
  type RequestDescriptor,
  resultOpened,
  runHeld,
  statsChanged,
} from '../server/protocol/requests.ts';
import { serverEnvironment } from '../server/protocol/serverEnvironment.ts';
import type { WireFailure } from '../server/protocol/values.ts';
import { Coalesced } from './coalesced.ts';
import { type CommandHandler, SingleLifeClient } from './languageClient.ts';
import { RestartBudget } from './restartBudget.ts';

const RESTART_DELAY_MS = 200;
const STOP_TIMEOUT_MS = 2000;
const EXIT_TIMEOUT_MS = 3000;

/** Notifications are taken over into each new life, so that a handler registers once. */
const NOTIFICATIONS: readonly { readonly method: string }[] = [
  queryProgress,
  resultOpened,
  runHeld,
  statsChanged,
  activityChanged,
  engineState,
  catalogChanged,
  freshnessChanged,
  keepingStopped,
  cellReady,
  historyGrew,
  historyStopped,
];

/** One server process with its connection. */
interface Life {
  readonly client: SingleLifeClient;
  /** What goes with it, in words. */
  readonly losses: string;
  child: ChildProcess | undefined;
  /** How it ended, or why it was ended; undefined while it should run. */
  end: string | undefined;
}

/** Why a request has no answer, for `failureOf`. */
class ServerUnavailable extends Error {
  readonly failure: WireFailure;

  constructor(message: string) {
    super(message);
    this.failure = { code: 'unavailable', message };
  }
}

/** What the person should hear about the server's end. */
interface ServerEnd {
  readonly message: string;
  /** False when it ended too often and stays down until asked. */
  readonly restarts: boolean;
}

/**
 * The language-server process and the way to it. A process that ends by itself is replaced at once, up to five times in three
 * minutes; requests that it owed an answer are rejected with a message that says how it ended, and later ones wait for the new one.
 */
export class ServerProcess implements Disposable {
  readonly #script: string;
  readonly #log: LogOutputChannel;
  readonly #readSettings: () => Record<string, unknown>;
  readonly #handlers = new Map<string, Set<(params: unknown) => void>>();
  readonly #budget = new RestartBudget(5, 180_000);
  readonly #replacing = new Coalesced(() => this.#replace());
  readonly #ended = new EventEmitter<ServerEnd>();
  readonly #replaced = new EventEmitter<void>();
  readonly #commands = new Map<string, CommandHandler>();
  /** The present life or the one to come; rejected when there is none until `restart`. */
  #life: Promise<Life> | undefined;
  #settings = '';
  #losses = '';
  #lives = 0;
  #disposed = false;

  /** The process ended by itself. */
  readonly onDidEnd = this.#ended.event;

  /** Another process has taken the place of one that ended, for whatever reason: what that one held is gone. */
  readonly onDidReplace = this.#replaced.event;

  constructor(extensionPath: string, log: LogOutputChannel, readSettings: () => Record<string, unknown>) {
    this.#script = join(extensionPath, 'dist', 'server', 'main.js');
    this.#log = log;
    this.#readSettings = readSettings;
  }

  /** Begins the first life; returns before the server answers. */
  start(): void {
    this.#become(this.#begin());
  }

  /** Ends the process and starts a new one. Calls while this goes on share the next restart. */
  async restart(): Promise<void> {
    this.#budget.clear();
    await this.#replacing.request();
  }

  /** Restarts if the settings are not those that the server was started with; says whether they were. */
  async applySettings(): Promise<boolean> {
    if (!this.settingsChanged) return false;
    await this.restart();
    return true;
  }

  /** Whether the settings are others than those that the server was started with. */
  get settingsChanged(): boolean {
    return this.#life !== undefined && JSON.stringify(this.#readSettings()) !== this.#settings;
  }

  /** What a restart would end, in words. */
  get losses(): string {
    return this.#losses;
  }

  /** The process that serves now, for diagnosis. */
  async processId(): Promise<number | undefined> {
    return (await this.#current()).child?.pid;
  }

  async request<Params, Result>(descriptor: RequestDescriptor<Params, Result>, params: Params, token?: CancellationToken): Promise<Result> {
    const life = await this.#current();
    try {
      return await life.client.sendRequest<Result>(descriptor.method, params, token);
    } catch (error) {
      if (life.end !== undefined) throw new ServerUnavailable(life.end);
      throw error;
    }
  }

  onNotification<Params>(descriptor: NotificationDescriptor<Params>, handler: (params: Params) => void): Disposable {
    const handlers = this.#handlers.get(descriptor.method) ?? new Set();
    this.#handlers.set(descriptor.method, handlers);
    const untyped = handler as (params: unknown) => void;
    handlers.add(untyped);
    return new Disposable(() => handlers.delete(untyped));
  }

  /**
   * Takes over a command that the server offers to every editor: a code lens that names it then shows what came of it the way
   * this editor can.
   */
  onCommand(command: string, handler: CommandHandler): Disposable {
    this.#commands.set(command, handler);
    return new Disposable(() => this.#commands.delete(command));
  }

  dispose(): void {
    void this.end();
  }

  /** Ends the process for good and waits until it is gone. */
  async end(): Promise<void> {
    this.#disposed = true;
    this.#ended.dispose();
    this.#replaced.dispose();
    const life = await this.#life?.catch(() => undefined);
    if (life !== undefined) await this.#endLife(life, 'Kodiak is shutting down.');
  }

  async #current(): Promise<Life> {
    if (this.#disposed || this.#life === undefined) throw new ServerUnavailable('The Kodiak server does not run.');
    const life = await this.#life;
    // A life that ended in the meantime has a successor, unless it was the last.
    return life.end !== undefined && this.#life !== undefined ? await this.#life : life;
  }

  #become(life: Promise<Life>): void {
    // Whoever needs the life sees the rejection; nobody may need it.
    life.catch((error: unknown) => this.#log.error(`The server did not start: ${messageOf(error)}`));
    this.#life = life;
  }

  async #begin(): Promise<Life> {
    const settings = this.#readSettings();
    this.#settings = JSON.stringify(settings);
    this.#losses = lossesOf(settings);
    const client = new SingleLifeClient(
      () => this.#fork(life),
      this.#log,
      settings,
      (command) => this.#commands.get(command),
    );
    const life: Life = { client, losses: this.#losses, child: undefined, end: undefined };
    for (const { method } of NOTIFICATIONS) {
      life.client.onNotification(method, (params: unknown) => this.#deliver(method, params));
    }
    try {
      await life.client.start();
    } catch (error) {
      const reason = life.end ?? `The Kodiak server did not start: ${messageOf(error)}`;
      if (life.end === undefined) {
        await this.#endLife(life, reason);
        if (!this.#disposed) this.#ended.fire({ message: reason, restarts: false });
      }
      throw new ServerUnavailable(reason);
    }
    if (this.#lives++ > 0) this.#replaced.fire();
    return life;
  }

  async #fork(life: Life): Promise<MessageTransports> {
    const folder = workspace.workspaceFolders?.[0]?.uri;
    const child = fork(this.#script, ['--node-ipc'], {
      cwd: folder?.scheme === 'file' ? folder.fsPath : homedir(),
      env: serverEnvironment(process.env, process.versions['electron'] !== undefined),
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    life.child = child;
    for (const [stream, write] of [
      [child.stdout, (line: string) => this.#log.info(line)],
      [child.stderr, (line: string) => this.#log.warn(line)],
    ] as const) {
      if (stream) createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', write);
    }
    // Before anything else hears of the end, so that rejected requests can say how it ended.
    child.once('exit', (code, signal) => {
      if (life.end === undefined) this.#crashed(life, signal === null ? `exit code ${code}` : `signal ${signal}`);
    });
    await once(child, 'spawn');
    this.#log.info(`The server runs as process ${child.pid}.`);
    return { reader: new IPCMessageReader(child), writer: new IPCMessageWriter(child) };
  }

  #crashed(life: Life, how: string): void {
    const restarts = !this.#disposed && this.#budget.take(Date.now());
    life.end = restarts
      ? `The Kodiak server ended unexpectedly (${how}) and was restarted. ${life.losses} Run the cells again.`
      : `The Kodiak server ended unexpectedly (${how}). It has ended too often to be started again by itself: use "Kodiak: Restart the Server".`;
    this.#log.error(life.end);
    const reason = life.end;
    this.#become(restarts ? this.#afterPause() : Promise.reject(new ServerUnavailable(reason)));
    this.#ended.fire({ message: reason, restarts });
  }

  /** The pause lets the old client take its commands and providers back before the new one registers the same. */
  async #afterPause(): Promise<Life> {
    await new Promise((resolve) => setTimeout(resolve, RESTART_DELAY_MS));
    return await this.#begin();
  }

  async #replace(): Promise<void> {
    const life = this.#succeed(this.#life);
    this.#become(life);
    await life;
  }

  async #succeed(old: Promise<Life> | undefined): Promise<Life> {
    const life = await old?.catch(() => undefined);
    if (life !== undefined) await this.#endLife(life, `The Kodiak server was restarted. ${life.losses} Run the cells again.`);
    return await this.#begin();
  }

  /** Waits until the process is gone: only then is its database file free. */
  async #endLife(life: Life, reason: string): Promise<void> {
    life.end ??= reason;
    const { child } = life;
    await life.client.stop(STOP_TIMEOUT_MS);
    if (child === undefined || child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const killer = setTimeout(() => child.kill('SIGKILL'), EXIT_TIMEOUT_MS);
    if (child.connected) child.disconnect();
    await once(child, 'exit');
    clearTimeout(killer);
  }

  #deliver(method: string, params: unknown): void {
    for (const handler of this.#handlers.get(method) ?? []) handler(params);
  }
}

function lossesOf({ database }: Record<string, unknown>): string {
  const inMemory = database === '' || database === ':memory:';
  return inMemory
    ? 'The database was in memory: its tables, temporary ones and variables are gone.'
    : 'Temporary tables and variables of notebooks are gone.';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
