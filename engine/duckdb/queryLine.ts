import type { DuckDBConnection, DuckDBMaterializedResult } from '@duckdb/node-api';

/** A connection whose queries run one at a time: several at once on one connection would each hold a thread of libuv while they wait. */
export class QueryLine {
  readonly #connection: DuckDBConnection;
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  run(sql: string): Promise<DuckDBMaterializedResult> {
    const turn = this.#last.then(() => this.#connection.run(sql));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Waits for all queries. */
  async close(): Promise<void> {
    await this.#last;
    this.#connection.closeSync();
  }
}
