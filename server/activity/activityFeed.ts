import type { Clock } from '../../engine/base/clock.ts';
import { every, type Timer } from '../../engine/base/timers.ts';
import type { Engine } from '../../engine/types.ts';
import type { Client } from '../client.ts';
import {
  ACTIVITY_MS,
  type ActivityDetails,
  type ActivityNews,
  type ActivitySample,
  activityChanged,
  type CleanUpMark,
} from '../protocol/activity.ts';
import type { WireStats } from '../protocol/stats.ts';
import type { EndedRun } from '../runOutcome.ts';
import { beginningOf, RunningQueries } from './runningQueries.ts';
import { SampleRing } from './sampleRing.ts';
import { StatementTotals } from './statementTotals.ts';

const REFRESH_MS = 1_000;
const MAX_CLEAN_UPS = 100;
const MAX_RUNNING = 100;
const MAX_ENTRIES = 200;
/** There are many of them, each time. */
const MAX_ENTRY_SQL = 300;
const MAX_SPILL_FILES = 100;

export interface ActivityFeedOptions {
  readonly clock: Clock;
  readonly engine: () => Engine | undefined;
  /** Has the figures measured and sent to everybody, and with them given to `take`. */
  readonly refresh: () => void;
  readonly outcomes: Set<(run: EndedRun) => void>;
}

interface Watch {
  /** Second of the last sample that was sent. */
  sampledAt: number;
  /** What the details that were sent last depend on. */
  details: string;
  detailsSentAt: number;
}

/**
 * Remembers what went on in the last 15 minutes, and tells those who watch. A sample is taken of figures that are sent to clients
 * anyhow, so that it costs nothing while nothing happens, and shows what they show; while somebody watches, figures are sent each second.
 */
export class ActivityFeed {
  readonly running: RunningQueries;
  readonly #options: ActivityFeedOptions;
  readonly #startedAt: number;
  readonly #samples = new SampleRing();
  readonly #totals: StatementTotals;
  readonly #watches = new Map<Client, Watch>();
  #cleanUps: CleanUpMark[] = [];
  #timer: Timer | undefined;

  constructor(options: ActivityFeedOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
    this.running = new RunningQueries(options.clock.monotonic);
    this.#totals = new StatementTotals(options.clock.now);
    options.outcomes.add((run) => this.#totals.add(run));
  }

  /** Figures that clients were told. */
  take(stats: WireStats): void {
    const now = this.#options.clock.now();
    this.#samples.add(sampleOf(stats, now));
    const { lastCleanUp } = stats.memory;
    if (lastCleanUp && lastCleanUp.at !== this.#cleanUps.at(-1)?.at) this.#note(lastCleanUp, now);
    this.#tell(stats);
  }

  /** From now on the client is told. Gives all that is known. */
  watch(client: Client): ActivityNews {
    const watch = { sampledAt: 0, details: '', detailsSentAt: Number.NEGATIVE_INFINITY };
    this.#watches.set(client, watch);
    this.#timer ??= every(REFRESH_MS, () => this.#refresh());
    this.#options.refresh();
    const news = this.#newsFor(watch, undefined);
    return { ...news, details: this.#details() };
  }

  unwatch(client: Client): void {
    this.#watches.delete(client);
    if (this.#watches.size > 0) return;
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  /** False when no such run goes on. */
  cancel(id: number, from: string): boolean {
    const found = this.running.cancel(id, from);
    this.#options.refresh();
    return found;
  }

  dispose(): void {
    this.#watches.clear();
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  /** One that found nothing to free is none. */
  #note({ at, reason, steps }: NonNullable<WireStats['memory']['lastCleanUp']>, now: number): void {
    const freedBytes = steps.reduce((sum, step) => sum + step.freedBytes, 0);
    if (freedBytes === 0) return;
    const recent = this.#cleanUps.filter((mark) => mark.at > now - ACTIVITY_MS);
    this.#cleanUps = [...recent, { at, reason, freedBytes }].slice(-MAX_CLEAN_UPS);
  }

  #refresh(): void {
    this.#options.refresh();
    // A database that is not open, or not open yet, has no figures; runs may wait for it.
    if (this.#options.engine() === undefined) this.#tell(undefined);
  }

  #tell(stats: WireStats | undefined): void {
    for (const [client, watch] of this.#watches) client.notify(activityChanged, this.#newsFor(watch, stats));
  }

  #newsFor(watch: Watch, stats: WireStats | undefined): ActivityNews {
    const samples = this.#samples.since(watch.sampledAt);
    watch.sampledAt = samples.at(-1)?.at ?? 0;
    const details = this.#changedDetails(watch, stats);
    return {
      serverStartedAt: this.#startedAt,
      open: this.#options.engine() !== undefined,
      samples,
      cleanUps: this.#cleanUps,
      running: this.running.list(MAX_RUNNING),
      runningCount: this.running.count,
      ...(details && { details }),
    };
  }

  /** At most once a second: they are long. */
  #changedDetails(watch: Watch, stats: WireStats | undefined): ActivityDetails | undefined {
    if (stats === undefined) return undefined;
    const now = this.#options.clock.monotonic();
    const { cache, memory, parallel } = stats;
    const { entries, bytes, hits, misses, evictions, invalidations } = cache;
    const key = [entries, bytes, hits, misses, evictions, invalidations, parallel.completed, memory.spillFiles.bytes].join(' ');
    if (key === watch.details || now - watch.detailsSentAt < REFRESH_MS) return undefined;
    watch.details = key;
    watch.detailsSentAt = now;
    return this.#details();
  }

  #details(): ActivityDetails {
    const engine = this.#options.engine();
    const entries = engine?.cacheEntries().slice(0, MAX_ENTRIES) ?? [];
    return {
      entries: entries.map((entry) => ({ ...entry, sql: beginningOf(entry.sql, MAX_ENTRY_SQL) })),
      slowest: this.#totals.slowest(),
      mostSaved: this.#totals.mostSaved(),
      spillFiles: engine?.spillFiles().slice(0, MAX_SPILL_FILES) ?? [],
      spillFolder: engine?.stats().memory.spillFiles.folder ?? '',
    };
  }
}

function sampleOf({ cache, memory, pool, parallel }: WireStats, at: number): ActivitySample {
  return {
    at,
    hits: cache.hits,
    misses: cache.misses,
    savedMs: cache.savedMs,
    duckdbBytes: memory.duckdbBytes,
    // Cached results are results in memory, too.
    resultBytes: memory.storedBytes + Math.max(0, memory.resultBytes - cache.bytes),
    cacheBytes: cache.bytes,
    processBytes: memory.rssBytes,
    active: pool.active,
    idle: pool.idle,
    waiting: pool.waiting,
    running: parallel.running,
    queued: parallel.queued,
  };
}
