import type { Row } from '../types.ts';
import type { Chunk, Spool } from './chunk.ts';

/** The rows of one result, shared by all who hold them: the last `release` gives them back. */
export interface ResultRows<C extends Chunk> {
  readonly rowCount: number;
  /** Estimated size of all rows, wherever they are. */
  readonly bytes: number;
  readonly gone: boolean;
  /** Rows `offset` to `offset + limit`, fewer at the end. Waits for rows that may still come. Longer texts are cut, see `PageOptions`. */
  page(offset: number, limit: number, maxLength?: number): Promise<Row[]>;
  /** Works on a spool that has all rows, and stays until the work has ended. */
  withStored<T>(signal: AbortSignal | undefined, work: (spool: Spool<C>) => Promise<T>): Promise<T>;
  retain(): void;
  release(): void;
}
