import type { QueryProgressParams } from '../../server/protocol/requests.ts';
import { formatCount, formatDuration } from '../monitor/statsText.ts';
import { TimeLeft, timeLeftText } from '../monitor/timeLeft.ts';
import type { Output } from './output.ts';

const SHOWN_AFTER_MS = 500;
const REDRAW_MS = 100;
const ERASE = '\r\u001b[K';

/** A line on the terminal while a query runs long; nothing where there is no terminal. */
export class ProgressLine {
  readonly #output: Output;
  readonly #startedAt = Date.now();
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #left = new TimeLeft();
  #progress: QueryProgressParams | undefined;
  #leftMs: number | undefined;
  #drawn = false;

  constructor(output: Output) {
    this.#output = output;
    if (output.isTerminal) this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
  }

  update(progress: QueryProgressParams): void {
    this.#progress = progress;
    this.#leftMs = this.#left.update(progress);
  }

  /** Stops and erases what was drawn. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#drawn) await this.#output.write(ERASE);
    this.#drawn = false;
  }

  #draw(): void {
    const elapsedMs = Date.now() - this.#startedAt;
    if (elapsedMs < SHOWN_AFTER_MS) return;
    this.#drawn = true;
    const text = progressText(elapsedMs, this.#progress, this.#leftMs).slice(0, (this.#output.width ?? 80) - 1);
    this.#output.write(`${ERASE}${this.#output.style.dim(text)}`).catch(() => undefined);
  }
}

/** `1.2 s · 37 % · about 2 s left · 1,204,331 rows · Ctrl+C cancels`. */
export function progressText(elapsedMs: number, progress: QueryProgressParams | undefined, leftMs?: number): string {
  const parts = [elapsedMs < 60_000 ? `${(elapsedMs / 1000).toFixed(1)} s` : formatDuration(elapsedMs)];
  if (progress?.percent !== undefined) parts.push(`${Math.floor(progress.percent)} %`);
  if (leftMs !== undefined) parts.push(timeLeftText(leftMs));
  if (progress && progress.rows > 0) parts.push(`${formatCount(progress.rows)} rows`);
  parts.push('Ctrl+C cancels');
  return parts.join(' · ');
}
