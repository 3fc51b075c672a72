import { loadDuckdb } from './binding.ts';
import type { Connection } from './connection.ts';

/** What the library had when this program was built; missing where it runs from its source. */
declare const KODIAK_DUCKDB_FUNCTIONS: { readonly library: string; readonly rows: readonly BuiltInFunction[] } | undefined;

/** A name in lower case, and whether all functions of that name give the same for the same. */
export type BuiltInFunction = readonly [name: string, consistent: boolean];

const FUNCTIONS =
  "select function_name, bool_and(stability = 'CONSISTENT') from duckdb_functions() where function_type in ('scalar', 'aggregate') and internal and database_name = 'system' group by all";

/**
 * The library's scalar and aggregate functions. Asking for them takes longer than opening a database, so those of the library that the program
 * was built with are in it. Another version, or one for another system, is asked, before any statement of the user could add to them.
 */
export async function builtInFunctions(connection: Connection): Promise<readonly BuiltInFunction[]> {
  const library = `${(await loadDuckdb()).version()} ${process.platform}-${process.arch}`;
  if (typeof KODIAK_DUCKDB_FUNCTIONS !== 'undefined' && KODIAK_DUCKDB_FUNCTIONS.library === library) return KODIAK_DUCKDB_FUNCTIONS.rows;
  return (await connection.rows(FUNCTIONS)).map(([name, consistent]) => [String(name), consistent === true]);
}
