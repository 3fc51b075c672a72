import type * as NodeApi from '@duckdb/node-api';
import { KodiakError, messageOf } from '../base/errors.ts';

export type DuckDB = typeof NodeApi;

let loaded: DuckDB | undefined;

/**
 * Loads DuckDB's native binding at first use, so that a missing one is an error with a remedy and not a dead process.
 * Rejects with `unavailable` when the installed package was made for another platform.
 */
export async function loadDuckdb(): Promise<DuckDB> {
  if (loaded) return loaded;
  try {
    loaded = await import('@duckdb/node-api');
    return loaded;
  } catch (thrown) {
    throw new KodiakError(
      'unavailable',
      `DuckDB cannot be loaded: this copy of Kodiak has no DuckDB for ${process.platform}-${process.arch}. ` +
        `Install the Kodiak package made for ${process.platform}-${process.arch}. (${messageOf(thrown).split('\n')[0]})`,
      { cause: thrown },
    );
  }
}
