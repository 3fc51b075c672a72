import { readFile } from 'node:fs/promises';
import { KodiakError } from '../base/errors.ts';
import { loadDuckdb } from './binding.ts';

/** The grammar that was in DuckDB's library when this program was built; missing where it runs from its source. */
declare const KODIAK_DUCKDB_GRAMMAR: { readonly version: string; readonly text: string } | undefined;

const LIBRARY = /(?:^|[\\/])(?:lib)?duckdb\.(?:so|dylib|dll)$/;
/** How the text begins: 1.5 starts with its statements, 2.0 with the program. */
const BEGINNINGS = ['Statement <-', 'Program <-'];

/**
 * DuckDB's own grammar of its SQL, a parsing expression grammar, as its library holds it: the one of the library that runs.
 * Rejects with `unavailable` when the library cannot be read or holds none.
 */
export async function grammarText(): Promise<string> {
  const version = (await loadDuckdb()).version();
  if (typeof KODIAK_DUCKDB_GRAMMAR !== 'undefined' && KODIAK_DUCKDB_GRAMMAR.version === version) return KODIAK_DUCKDB_GRAMMAR.text;
  const path = loadedLibraries().find((file) => LIBRARY.test(file));
  const text = path === undefined ? undefined : cutGrammar(await readFile(path));
  if (text === undefined) throw new KodiakError('unavailable', `The grammar of DuckDB ${version} is not to be found in its library.`);
  return text;
}

/** The grammar inside of a library of DuckDB: one text between zero bytes. `undefined` when there is none. */
export function cutGrammar(library: Buffer): string | undefined {
  for (const beginning of BEGINNINGS) {
    for (let at = library.indexOf(beginning); at >= 0; at = library.indexOf(beginning, at + 1)) {
      const start = library.lastIndexOf(0, at) + 1;
      const end = library.indexOf(0, at);
      if (end - start > 10_000) return library.toString('utf8', start, end);
    }
  }
  return undefined;
}

/** Files of the libraries in this process. */
function loadedLibraries(): readonly string[] {
  const report = process.report;
  // Else it asks the network for the names of all addresses.
  (report as { excludeNetwork?: boolean }).excludeNetwork = true;
  return (report.getReport() as unknown as { readonly sharedObjects: readonly string[] }).sharedObjects;
}
