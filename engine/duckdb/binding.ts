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
    loaded = keepEveryField(await import('@duckdb/node-api'));
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

/** Fields of an unnamed STRUCT, a tuple, all have the name '': they are called by their position, from '1'. */
export function fieldName(name: string, index: number): string {
  return name === '' ? String(index + 1) : name;
}

/** DuckDB's own reader assigns fields by name, and so loses all but the last of a tuple, and one called __proto__. */
function keepEveryField(duckdb: DuckDB): DuckDB {
  duckdb.DuckDBStructVector.prototype.getItem = function (row) {
    if (!this.isItemValid(row)) return null;
    const { entryNames } = this.type as NodeApi.DuckDBStructType;
    return new duckdb.DuckDBStructValue(
      Object.fromEntries(entryNames.map((name, index) => [fieldName(name, index), this.getItemValue(row, index)])),
    );
  };
  return duckdb;
}
