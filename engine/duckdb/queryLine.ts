import type { DuckDBConnection, DuckDBMaterializedResult } from '@duckdb/node-api';
import { Turns } from '../base/turns.ts';

/** A connection whose queries run one at a time: several at once on one connection would each hold a thread of libuv while they wait. */
export class QueryLine {
  readonly #connection: DuckDBConnection;
  readonly #turns = new Turns();

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  run(sql: string): Promise<DuckDBMaterializedResult> {
    return this.#turns.take(() => this.#connection.run(sql));
  }

  /** Waits for all queries. */
  async close(): Promise<void> {
    await this.#turns.ended;
    this.#connection.closeSync();
  }
}
