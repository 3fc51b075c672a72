import type { Clock } from '../engine/base/clock.ts';
import { after, type Timer } from '../engine/base/timers.ts';
import type { WireStats } from './protocol/stats.ts';

const SEND_INTERVAL_MS = 250;
const SAMPLE_INTERVAL_MS = 500;

interface StatsFeedOptions {
  readonly clock: Clock;
  /** Gives whether the figures will change of themselves: work that nobody asked for, such as writing a result to disk, ends untold. */
  readonly send: () => boolean;
  readonly sample: () => Promise<unknown>;
}

/**
 * Decides when the figures are sent: at once after a change, at most four times a second, all the time while something runs, and
 * never while nothing happens. Memory is measured at most twice a second, and only when figures are about to be sent.
 */
export class StatsFeed {
  readonly #options: StatsFeedOptions;
  #running = 0;
  #sentAt = Number.NEGATIVE_INFINITY;
  #sampledAt = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;
  #disposed = false;

  constructor(options: StatsFeedOptions) {
    this.#options = options;
  }

  runBegan(): void {
    this.#running++;
    this.changed();
  }

  runEnded(): void {
    this.#running--;
    this.changed();
  }

  changed(): void {
    if (this.#timer || this.#disposed) return;
    const waitMs = Math.max(0, this.#sentAt + SEND_INTERVAL_MS - this.#options.clock.monotonic());
    this.#timer = after(waitMs, () => void this.#tick());
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }

  /** Keeps `#timer` set until it is through, so that there is one at a time; a change meanwhile is in the figures or asks again. */
  async #tick(): Promise<void> {
    const { clock, send, sample } = this.#options;
    const sampleInMs = this.#sampledAt + SAMPLE_INTERVAL_MS - clock.monotonic();
    if (sampleInMs <= 0) {
      this.#sampledAt = clock.monotonic();
      await sample().catch(() => {});
    }
    this.#timer = undefined;
    if (this.#disposed) return;
    this.#sentAt = clock.monotonic();
    const busy = send();
    if (busy || this.#running > 0) this.changed();
    // The memory figures sent now are older than the change; those after it follow.
    else if (sampleInMs > 0) this.#timer = after(sampleInMs, () => void this.#tick());
  }
}

/** Whether these figures will be out of date soon although nobody asks for anything: something runs, waits, opens or closes. */
export function isBusy({ parallel, pool }: Pick<WireStats, 'parallel' | 'pool'>): boolean {
  const moving = parallel.running + parallel.queued + pool.waiting + pool.creating + pool.closing;
  return moving > 0 || pool.holders.some(({ purpose, running }) => running || purpose === 'query');
}
