import { type Lookup, NameResolver } from '../../engine/sql/resolveNames.ts';
import type { SqlScript } from '../../engine/sql/sqlScript.ts';
import type { TypedName } from '../../engine/sql/sqlTypes.ts';
import { type Catalog, catalogLookup } from './catalog.ts';

/** What a language feature works on: a script, what its names mean, and the database's snapshot. */
export interface LanguageDocument {
  readonly script: SqlScript;
  readonly resolver: NameResolver;
  readonly catalog: Catalog;
  /** What the resolver asked. */
  readonly lookup: Lookup;
}

/**
 * Asks for the columns of the data files that the statement at the offset and the definitions before it read, and joins them to the
 * snapshot. `whole` is for features that look at the definitions after it, too.
 */
export async function openDocument(
  script: SqlScript,
  offset: number,
  catalog: Catalog,
  describeFile: (path: string) => Promise<readonly TypedName[] | undefined>,
  describeFunction?: (name: string, call: string) => Promise<readonly TypedName[] | undefined>,
  whole = false,
): Promise<LanguageDocument> {
  const files = new Map<string, readonly TypedName[]>();
  const statements = [...script.defining(whole ? undefined : offset), script.statementAt(offset)];
  const paths = new Set(
    statements.flatMap((statement) => statement?.blocks.flatMap(({ sources }) => sources.flatMap(({ path }) => path ?? [])) ?? []),
  );
  for (const path of paths) {
    const columns = await describeFile(path);
    if (columns) files.set(path, columns);
  }
  const tableFunctions = new Map<string, readonly TypedName[]>();
  for (const { kind, parts, start, end, alias } of statements.flatMap(
    (statement) => statement?.blocks.flatMap(({ sources }) => sources) ?? [],
  )) {
    const name = parts.at(-1)?.text.toLowerCase();
    if (kind !== 'function' || name === undefined || describeFunction === undefined) continue;
    const written = script.text.slice(start, end);
    const call = alias ? written.slice(0, written.lastIndexOf(')') + 1) : written;
    const columns = call.endsWith(')') ? await describeFunction(name, call) : undefined;
    if (columns) tableFunctions.set(name, columns);
  }
  const lookup = catalogLookup(catalog, files, tableFunctions);
  return { script, resolver: new NameResolver(script, lookup), catalog, lookup };
}
