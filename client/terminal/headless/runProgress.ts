import type { QueryProgressParams } from '../../../server/protocol/requests.ts';
import { formatDuration } from '../../monitor/statsText.ts';
import { cutToWidth, visible } from '../../text/displayText.ts';
import type { Output } from '../output.ts';
import type { HeadlessCell } from './notebookCells.ts';

const SHOWN_AFTER_MS = 500;
const REDRAW_MS = 100;
const ERASE = '\r\u001b[K';

/** A line on the terminal while cells run; nothing where there is no terminal. */
export class RunProgress {
  readonly #errors: Output;
  readonly #total: number;
  readonly #startedAt = Date.now();
  readonly #running = new Map<HeadlessCell, number | undefined>();
  readonly #timer: NodeJS.Timeout | undefined;
  #ended = 0;
  #drawn = false;

  constructor(errors: Output, total: number) {
    this.#errors = errors;
    this.#total = total;
    if (errors.isTerminal) this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
  }

  began(cell: HeadlessCell): void {
    this.#running.set(cell, undefined);
  }

  update(cell: HeadlessCell, { percent }: QueryProgressParams): void {
    this.#running.set(cell, percent);
  }

  ended(cell: HeadlessCell): void {
    this.#running.delete(cell);
    this.#ended++;
  }

  /** Erases what was drawn, for other lines. */
  async clear(): Promise<void> {
    if (this.#drawn) await this.#errors.write(ERASE);
    this.#drawn = false;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.clear();
  }

  #draw(): void {
    const elapsedMs = Date.now() - this.#startedAt;
    if (elapsedMs < SHOWN_AFTER_MS) return;
    this.#drawn = true;
    const cells = [...this.#running].map(
      ([{ name }, percent]) => `${visible(name)}${percent === undefined ? '' : ` ${Math.floor(percent)} %`}`,
    );
    const parts = [`${this.#ended} of ${this.#total} cells`, formatDuration(elapsedMs), ...cells, 'Ctrl+C cancels'];
    const text = cutToWidth(parts.join(' · '), (this.#errors.width ?? 80) - 1);
    this.#errors.write(`${ERASE}${this.#errors.style.dim(text)}`).catch(() => undefined);
  }
}
