import type { Clock } from '../../engine/base/clock.ts';
import { messageOf } from '../../engine/base/errors.ts';
import { after, type Timer } from '../../engine/base/timers.ts';
import type { Client } from '../client.ts';
import type { Log } from '../log.ts';
import {
  historyGrew,
  historyLine,
  historyStopped,
  MAX_HISTORY_PAGE,
  type ReadHistoryParams,
  type ReadHistoryResult,
} from '../protocol/history.ts';
import type { RunQueryParams, RunQueryResult } from '../protocol/requests.ts';
import { type EndedScript, historyEntries } from './historyEntries.ts';
import { HistoryFiles } from './historyFiles.ts';
import { searchHistory } from './searchHistory.ts';
import { whoAsked } from './whoAsked.ts';

/** Statements wait this long for one write. */
const FLUSH_DELAY_MS = 100;
/** After a failed write none is tried for so long; what ends meanwhile is not recorded. */
const RETRY_AFTER_MS = 60_000;
/** Characters of SQL that wait for a write that takes its time; more are not recorded. */
const MAX_WAITING = 16 * 1024 * 1024;

export interface HistoryOptions {
  /** Undefined: there is no place, nothing is recorded or read. */
  readonly folder: string | undefined;
  /** False: nothing is recorded; what is there can be read. */
  readonly enabled: boolean;
  readonly maxBytes: number;
  /** Values bound as parameters are stored. */
  readonly storesValues: boolean;
}

interface HistoryParts extends HistoryOptions {
  readonly database: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly isNotebook: (sessionId: string) => boolean;
  /** Everybody, for the news that writing has stopped. */
  readonly clients: () => Iterable<Client>;
}

/**
 * Records every statement of every session on disk, and tells those who watch. Nothing waits for it and nothing fails because of it:
 * scripts are put down when they end and written a moment later, and a folder that cannot be written costs only the record.
 */
export class StatementHistory {
  readonly #parts: HistoryParts;
  readonly #files: HistoryFiles | undefined;
  readonly #watchers = new Set<Client>();
  #waiting: EndedScript[] = [];
  #waitingSize = 0;
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;
  #stoppedAt: number | undefined;
  #problem = '';
  #lost = 0;
  #entries = 0;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
    this.#files = parts.folder === undefined ? undefined : new HistoryFiles(parts.folder, parts.maxBytes, () => parts.clock.now());
  }

  /** A script of a client begins; what is given back is to be called with its end. */
  begin(client: Client, params: RunQueryParams): (result: RunQueryResult) => void {
    if (!this.#records) return () => {};
    const { database, clock, isNotebook } = this.#parts;
    const { sessionId, sql, values, source } = params;
    const who = whoAsked({ client: client.kind, sessionId, source, isNotebook: isNotebook(sessionId) });
    const beganAt = clock.now();
    return (result) => {
      this.#put({ who, database, beganAt, params: { sessionId, sql, ...(values && { values }) }, result: withoutRows(result) });
    };
  }

  watch(client: Client, watches: boolean): void {
    if (watches) this.#watchers.add(client);
    else this.#watchers.delete(client);
  }

  async read(params: ReadHistoryParams): Promise<ReadHistoryResult> {
    await this.flush();
    const found = this.#files ? await searchHistory(this.#files.texts(), params) : { entries: [] };
    const state = !this.#records ? 'off' : this.#stoppedAt === undefined ? 'on' : 'stopped';
    return {
      ...found,
      state,
      ...(state === 'stopped' && { problem: this.#problem }),
      ...(this.#parts.folder !== undefined && { folder: this.#parts.folder }),
    };
  }

  async clear(): Promise<number> {
    await this.flush();
    return (await this.#files?.clear()) ?? 0;
  }

  /** Writes what waits; never rejects. */
  flush(): Promise<void> {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  get #records(): boolean {
    return this.#files !== undefined && this.#parts.enabled;
  }

  #put(script: EndedScript): void {
    const size = script.params.sql.length;
    if (this.#waitingSize + size > MAX_WAITING) {
      this.#lost++;
      return;
    }
    this.#waiting.push(script);
    this.#waitingSize += size;
    this.#timer ??= after(FLUSH_DELAY_MS, () => void this.flush());
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const scripts = this.#waiting;
      this.#waiting = [];
      this.#waitingSize = 0;
      await this.#write(scripts);
    }
  }

  async #write(scripts: readonly EndedScript[]): Promise<void> {
    const entries = scripts.flatMap((script) => historyEntries(script, this.#parts.storesValues, (endedAt) => this.#idAt(endedAt)));
    if (this.#watchers.size > 0 && entries.length > 0) {
      const newest = entries.slice(-MAX_HISTORY_PAGE).reverse();
      for (const client of this.#watchers) client.notify(historyGrew, { entries: newest });
    }
    const now = this.#parts.clock.monotonic();
    if (this.#stoppedAt !== undefined && now - this.#stoppedAt < RETRY_AFTER_MS) {
      this.#lost += entries.length;
      return;
    }
    try {
      await this.#files?.append(entries.map(historyLine).join(''));
      if (this.#lost > 0) this.#parts.log(`The history is written again; ${this.#lost} statements are missing in it.`);
      this.#lost = 0;
      this.#stoppedAt = undefined;
    } catch (thrown) {
      this.#lost += entries.length;
      this.#stop(messageOf(thrown), now);
    }
  }

  #stop(reason: string, now: number): void {
    const isNews = this.#stoppedAt === undefined;
    this.#stoppedAt = now;
    this.#problem = `Statements are not recorded in the history: ${reason}. It is tried again in a minute. Folder: ${this.#parts.folder}`;
    if (!isNews) return;
    this.#parts.log(this.#problem);
    for (const client of this.#parts.clients()) client.notify(historyStopped, { message: this.#problem });
  }

  /** Ids are compared as texts: by time, then by process, then by number. */
  #idAt(endedAt: number): string {
    const time = Math.round(endedAt).toString(36).padStart(9, '0');
    return `${time}-${process.pid.toString(36).padStart(5, '0')}-${(this.#entries++).toString(36).padStart(6, '0')}`;
  }
}

/** What waits to be written must not hold previews and plans. */
function withoutRows(result: RunQueryResult): RunQueryResult {
  return {
    ...result,
    statements: result.statements.map(
      ({ start, end, kind, elapsedMs, rowsChanged, result: { columns, resultId, rowCount, complete, truncated, provenance } }) => ({
        start,
        end,
        kind,
        elapsedMs,
        ...(rowsChanged !== undefined && { rowsChanged }),
        result: { resultId, rowCount, complete, truncated, provenance, columns: columns.slice(0, 2), preview: [] },
      }),
    ),
  };
}
