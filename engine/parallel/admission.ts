import { KodiakError } from '../base/errors.ts';
import type { ParallelStats } from '../types.ts';

export interface AdmissionOptions {
  readonly enabled: boolean;
  /** Threads that DuckDB uses for one statement or several together. */
  readonly threads: number;
  /** Statements that run at the same time. */
  readonly maxRunning: number;
}

interface Waiter {
  readonly admit: () => void;
}

/** Lets at most `maxRunning` statements run at a time; the others wait in the order in which they came. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #queue = new Set<Waiter>();
  #running = 0;
  #completed = 0;
  #peakRunning = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Runs `task` when there is room. An abort while it waits rejects with `cancelled`; afterwards the task itself must listen. */
  async submit<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#admit(signal);
    this.#peakRunning = Math.max(this.#peakRunning, this.#running);
    try {
      return await task();
    } finally {
      this.#running--;
      this.#completed++;
      this.#admitNext();
    }
  }

  stats(): ParallelStats {
    return Object.freeze({
      ...this.#options,
      running: this.#running,
      queued: this.#queue.size,
      completed: this.#completed,
      peakRunning: this.#peakRunning,
    });
  }

  #admit(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return Promise.reject(cancelledError());
    if (this.#running < this.#options.maxRunning) {
      this.#running++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#queue.delete(waiter);
        reject(cancelledError());
      };
      const waiter: Waiter = {
        admit: () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      this.#queue.add(waiter);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  #admitNext(): void {
    const [next] = this.#queue;
    if (!next || this.#running >= this.#options.maxRunning) return;
    this.#queue.delete(next);
    this.#running++;
    next.admit();
  }
}

export function cancelledError(): KodiakError {
  return new KodiakError('cancelled', 'The query was cancelled.');
}
