import type { WireColumnProfile } from '../../../server/protocol/requests.ts';

/** What is known of a column. */
export type KnownProfile =
  | { readonly kind: 'profile'; readonly profile: WireColumnProfile }
  | { readonly kind: 'failed'; readonly message: string; readonly gone: boolean };

export interface ProfileReader {
  /** Rejects with an error whose `gone` says that no column can be read any more. */
  read(column: number, signal: AbortSignal): Promise<WireColumnProfile>;
  changed(column: number): void;
}

/** Columns that are summed up at the same time. */
const MAX_READ = 2;

/** The profiles of a result's columns: read when they are looked at, a few at a time, and kept. Work that nobody looks at any more is ended. */
export class ColumnProfiles {
  readonly #reader: ProfileReader;
  readonly #known = new Map<number, KnownProfile>();
  readonly #running = new Map<number, AbortController>();
  #wanted: readonly number[] = [];

  constructor(reader: ProfileReader) {
    this.#reader = reader;
  }

  get(column: number): KnownProfile | undefined {
    return this.#known.get(column);
  }

  /** These columns are looked at, in this order, and no others. */
  look(columns: readonly number[]): void {
    this.#wanted = columns;
    for (const [column, abort] of this.#running) {
      if (columns.includes(column)) continue;
      this.#running.delete(column);
      abort.abort();
    }
    this.#next();
  }

  /** What failed is read again when it is looked at. */
  forgetFailures(): void {
    for (const [column, known] of this.#known) if (known.kind === 'failed') this.#known.delete(column);
  }

  #next(): void {
    for (const column of this.#wanted) {
      if (this.#running.size >= MAX_READ) return;
      if (!this.#known.has(column) && !this.#running.has(column)) void this.#read(column);
    }
  }

  async #read(column: number): Promise<void> {
    const abort = new AbortController();
    this.#running.set(column, abort);
    const known = await this.#reader.read(column, abort.signal).then(
      (profile): KnownProfile => ({ kind: 'profile', profile }),
      (error: unknown): KnownProfile => ({
        kind: 'failed',
        message: error instanceof Error ? error.message : String(error),
        gone: typeof error === 'object' && error !== null && 'gone' in error && error.gone === true,
      }),
    );
    if (this.#running.get(column) !== abort) return;
    this.#running.delete(column);
    this.#known.set(column, known);
    this.#reader.changed(column);
    this.#next();
  }
}
