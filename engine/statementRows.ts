import type { StatementHead } from './duckdb/connection.ts';
import type { NativeChunk } from './duckdb/nativeChunk.ts';
import type { Spool } from './result/chunk.ts';
import { GrowingRows } from './result/growingRows.ts';

/** The rows of a statement with DuckDB's types of their columns, which are known as soon as the first row comes. */
export class StatementRows extends GrowingRows<NativeChunk> {
  readonly #known: { readonly head: StatementHead };

  constructor(known: { readonly head: StatementHead }, createSpool: (types: StatementHead['types']) => Promise<Spool<NativeChunk>>) {
    super(() => createSpool(known.head.types));
    this.#known = known;
  }

  get types(): StatementHead['types'] {
    return this.#known.head.types;
  }
}
