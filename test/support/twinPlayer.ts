import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, realpathSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../engine/base/clock.ts';
import { openEngine } from '../../engine/engine.ts';
import type { Engine, EngineOptions, Parameters, Reading, Result, Session } from '../../engine/types.ts';

/** One step of a history that is played in a cached engine and in one without a cache. `{{DIR}}` is the player's own folder. */
export interface Step {
  readonly session: string;
  readonly sql: string;
  readonly params?: Parameters;
  readonly maxRows?: number;
  /** All results of the script are compared, not only the last. */
  readonly all?: boolean;
  readonly useCache?: boolean;
  /** The engine without a cache fails here too. */
  readonly error?: boolean;
  /** Each run gives another answer. */
  readonly volatile?: boolean;
  readonly ignore?: boolean;
  /** Never asked a second time, although it looks like a plain question. */
  readonly once?: boolean;
  /** All transactions are rolled back first: DuckDB fails for good when a database that one of them used is detached. */
  readonly alone?: boolean;
  readonly op?: 'otherprocess' | 'close';
  /** For `otherprocess`: the database file and what is run in it. */
  readonly file?: string;
  readonly run?: string;
  /** Changes files instead of running SQL. */
  readonly change?: (folder: string) => void;
}

export interface Answer {
  /** Columns and rows as text, or `failed`. */
  readonly text: string;
  /** True when the cache gave it. */
  readonly proved: boolean;
  /** Why it failed. */
  readonly failure?: string;
  /** What its statements read. */
  readonly readings?: readonly Reading[];
}

/** Files count as old at once: the cache would refuse to remember what comes from files of this moment. */
const HOUR_MS = 3_600_000;
const LATER: Clock = { now: () => systemClock.now() + HOUR_MS, monotonic: () => systemClock.monotonic() };

/** How long the guest of a player with few connections waits for one. */
const GUEST_PATIENCE_MS = 40;

/** Modification times given to changed files: each its own second, so that no file system is too coarse to tell them apart. */
const FIRST_STAMP_SECONDS = 1_000_000_000;
const LAST_STAMP_SECONDS = 1_100_000_000;

/** An engine with one thread, its sessions, made as the steps name them, and a folder of its own. */
export class TwinPlayer {
  readonly folder = mkdtempSync(join(realpathSync(tmpdir()), 'kodiak-twin-'));
  readonly engine: Engine;
  readonly #sessions = new Map<string, Session>();
  #stampSeconds = FIRST_STAMP_SECONDS;

  /** Takes turns with the others on too few connections. */
  #guest: Session | undefined;

  private constructor(engine: Engine) {
    this.engine = engine;
  }

  /** With `connections`, one more session than there are connections has a turn before each step. */
  static async open(cached: boolean, connections?: number): Promise<TwinPlayer> {
    const cache = { enabled: cached, minCostMs: 0 } as NonNullable<EngineOptions['cache']>;
    const pool = connections === undefined ? {} : { pool: { maxConnections: connections } };
    const player = new TwinPlayer(await openEngine({ cache, parallel: { threads: 1 }, clock: LATER, ...pool }));
    if (connections !== undefined) player.#guest = await player.engine.openSession({ name: 'guest', cwd: player.folder });
    return player;
  }

  async play(step: Step): Promise<Answer> {
    // In vain where all others have something of their own.
    await this.#guest
      ?.run('select 1', undefined, { useCache: false, signal: AbortSignal.timeout(GUEST_PATIENCE_MS) })
      .catch(() => undefined);
    const answer = await this.#play(step);
    if (step.change || /\b(?:copy|export)\b/i.test(step.sql)) this.#stampChangedFiles();
    return answer;
  }

  get hits(): number {
    return this.engine.stats().cache.hits;
  }

  async close(): Promise<void> {
    await this.engine.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #play(step: Step): Promise<Answer> {
    if (step.alone) for (const session of this.#sessions.values()) await session.run('rollback').catch(() => undefined);
    if (step.op === 'otherprocess') return this.#runElsewhere(step);
    if (step.change) {
      step.change(this.folder);
      return { text: 'done', proved: false };
    }
    const session = this.#sessions.get(step.session) ?? (await this.engine.openSession());
    this.#sessions.set(step.session, session);
    if (step.op === 'close') {
      await session.close();
      this.#sessions.delete(step.session);
      return { text: 'done', proved: false };
    }
    const sql = step.sql.replaceAll('{{DIR}}', this.folder);
    const options = {
      ...(step.maxRows !== undefined && { maxRows: step.maxRows }),
      ...(step.useCache !== undefined && { useCache: step.useCache }),
    };
    try {
      const results = step.all ? await session.runAll(sql, step.params, options) : [await session.run(sql, step.params, options)];
      const texts: string[] = [];
      for (const result of results) texts.push(await textOf(result));
      const proved = results.at(-1)?.provenance.kind === 'proved';
      const readings = results.flatMap(({ reading }) => reading ?? []);
      return { text: texts.join('\n').replaceAll(this.folder, '{{DIR}}'), proved, readings };
    } catch (thrown) {
      return { text: 'failed', proved: false, failure: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  }

  #runElsewhere(step: Step): Answer {
    const file = step.file?.replaceAll('{{DIR}}', this.folder);
    const script = `const { DuckDBInstance } = require('@duckdb/node-api');
      (async () => { const i = await DuckDBInstance.create(${JSON.stringify(file)}); const c = await i.connect();
      await c.run(${JSON.stringify(step.run)}); c.closeSync(); i.closeSync(); })();`;
    execFileSync(process.execPath, ['-e', script], { timeout: 60_000 });
    return { text: 'done', proved: false };
  }

  /** Files whose time a step has not set by itself get the next second. */
  #stampChangedFiles(): void {
    for (const entry of readdirSync(this.folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || /\.(?:duckdb|wal|tmp)\b/.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      if (lstatSync(path).mtimeMs < LAST_STAMP_SECONDS * 1000) continue;
      this.#stampSeconds++;
      utimesSync(path, this.#stampSeconds, this.#stampSeconds);
    }
  }
}

/** Asking twice must not change the history that follows. */
export function isRepeatable(step: Step): boolean {
  if (step.volatile || step.error || step.once || step.ignore || step.op !== undefined || step.change) return false;
  const asks = /^\s*(?:\/\*.*?\*\/\s*)*\(?\s*(?:select|from|with|values|table|pivot|unpivot|summarize|describe|show)\b[^;]*$/is;
  return asks.test(step.sql) && !/nextval|\bcheckpoint\s*\(|^\s*with\b.*\b(?:insert|update|delete|merge)\b/is.test(step.sql);
}

async function textOf(result: Result): Promise<string> {
  const rows = await result.page(0, result.rowCount);
  const text = JSON.stringify([result.kind, result.columns, result.rowCount, result.truncated, rows], exact);
  result.release();
  return text;
}

/** JSON would lose what tells 1 from 1n, and NaN from NULL. */
function exact(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
    return `number ${Object.is(value, -0) ? '-0' : value}`;
  if (value instanceof Uint8Array) return `blob ${Buffer.from(value).toString('hex')}`;
  return value;
}
