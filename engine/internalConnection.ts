import { Turns } from './base/turns.ts';
import type { Connection } from './duckdb/connection.ts';
import type { RunRows } from './duckdb/memoryLimit.ts';

/** The engine's own connection, for the catalog and for measurements, so that they never wait for one of the pool's. */
export class InternalConnection {
  readonly #connection: Connection;
  readonly #turns = new Turns();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** All rows of an internal query. */
  readonly rows: RunRows = (sql) => this.use((connection) => connection.rows(sql));

  /** Lends the connection in turn: it serves one query at a time. */
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#turns.take(() => work(this.#connection));
  }

  /** Waits for what was asked so far, and gives the connection up to the one that closes it. */
  async release(): Promise<Connection> {
    await this.#turns.ended;
    return this.#connection;
  }
}
