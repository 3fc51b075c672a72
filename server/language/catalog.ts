import type { Grammar } from '../../engine/sql/grammar/grammar.ts';
import type { KnownRelation, Lookup } from '../../engine/sql/resolveNames.ts';
import { sameName } from '../../engine/sql/sqlNames.ts';
import type { TypedName } from '../../engine/sql/sqlTypes.ts';

export interface ForeignKey {
  readonly columns: readonly string[];
  /** Name of the table that they refer to. */
  readonly table: string;
  /** Empty for its primary key. */
  readonly referenced: readonly string[];
}

export interface CatalogTable extends KnownRelation {
  readonly comment: string | undefined;
  readonly columns: readonly (TypedName & { readonly comment?: string })[];
  readonly kind: 'table' | 'view';
  readonly estimatedRows: number | undefined;
  readonly primaryKey: readonly string[];
  /** Columns that are computed from others. */
  readonly generated?: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
}

/** One overload of a function. */
export interface CatalogFunction {
  readonly name: string;
  /** DuckDB's word: `scalar`, `aggregate`, `table`, `macro`, `table_macro` or `pragma`. */
  readonly kind: string;
  readonly parameters: readonly string[];
  readonly parameterTypes: readonly string[];
  readonly varargs: string | undefined;
  readonly returnType: string | undefined;
  readonly description: string | undefined;
  readonly example: string | undefined;
}

export interface CatalogSetting {
  readonly name: string;
  readonly description: string;
  readonly type: string;
}

/** Something that a name stands for in the database. */
export interface NamedObject {
  readonly kind: 'macro' | 'schema' | 'type' | 'sequence' | 'index' | 'database' | 'extension';
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly detail: string | undefined;
}

/** What the language help knows of the database: a snapshot, so that no keystroke asks DuckDB. */
export interface Catalog {
  readonly defaultDatabase: string;
  readonly tables: readonly CatalogTable[];
  /** DuckDB's own views, of `information_schema` and the like. */
  readonly systemViews: readonly CatalogTable[];
  /** Tables and all views by their name in lower case. */
  readonly tablesByName: ReadonlyMap<string, readonly CatalogTable[]>;
  /** Overloads by the function's name in lower case. */
  readonly functions: ReadonlyMap<string, readonly CatalogFunction[]>;
  readonly settings: readonly CatalogSetting[];
  readonly types: readonly string[];
  /** Things beside tables, views and functions, by kind. */
  readonly named: readonly NamedObject[];
  /** Database and schema that a USE which was run has chosen. */
  readonly use: readonly string[] | undefined;
  /** DuckDB's own grammar; missing while it is not read yet. */
  readonly grammar: Grammar | undefined;
}

export const EMPTY_CATALOG: Catalog = {
  defaultDatabase: 'memory',
  tables: [],
  systemViews: [],
  tablesByName: new Map(),
  functions: new Map(),
  settings: [],
  types: [],
  named: [],
  use: undefined,
  grammar: undefined,
};

/** Tables and functions by the lower case of their names. */
export function byLowerName<T extends { readonly name: string }>(things: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const key = thing.name.toLowerCase();
    const group = groups.get(key);
    if (group) group.push(thing);
    else groups.set(key, [thing]);
  }
  return groups;
}

/** The table that a name means: with a schema or database before it exactly, else by the search path. */
export function findTable(catalog: Catalog, parts: readonly string[], use: readonly string[] | undefined): CatalogTable | undefined {
  const candidates = catalog.tablesByName.get(parts.at(-1)?.toLowerCase() ?? '') ?? [];
  const [database, schema] = parts.length > 2 ? parts : [undefined, parts.length === 2 ? parts[0] : undefined];
  if (schema !== undefined) {
    const matching = candidates.filter((table) =>
      database === undefined
        ? sameName(table.schema, schema) || sameName(table.database, schema)
        : sameName(table.schema, schema) && sameName(table.database, database),
    );
    return matching.sort((a, b) => pathRank(catalog, a, use) - pathRank(catalog, b, use))[0];
  }
  return [...candidates].sort((a, b) => pathRank(catalog, a, use) - pathRank(catalog, b, use))[0];
}

/** 0 for what a bare name finds; more for what has to be qualified. */
export function pathRank(catalog: Catalog, table: KnownRelation, documentUse: readonly string[] | undefined): number {
  const use = documentUse ?? catalog.use ?? [];
  const first = use[0];
  if (use.length === 2 && sameName(table.database, first ?? '') && sameName(table.schema, use[1] ?? '')) return 0;
  if (use.length === 1 && first !== undefined) {
    if (sameName(table.schema, first) && sameName(table.database, catalog.defaultDatabase)) return 0;
    if (sameName(table.database, first) && table.schema === 'main') return 0;
  }
  if (table.database === 'temp') return 0;
  const home = table.database === catalog.defaultDatabase && table.schema === 'main';
  if (use.length === 0) return home ? 0 : 2;
  return home && use.length === 1 && schemasOf(catalog).every(({ database }) => !sameName(database, first ?? '')) ? 1 : 2;
}

interface TableSchema {
  readonly database: string;
  readonly schema: string;
}

const schemas = new WeakMap<Catalog, readonly TableSchema[]>();

/** The schemas that tables of a catalog are in, in the order of their first tables. */
export function schemasOf(catalog: Catalog): readonly TableSchema[] {
  const known = schemas.get(catalog);
  if (known) return known;
  const found = new Map(catalog.tables.map(({ database, schema }) => [`${database}\0${schema}`, { database, schema }]));
  schemas.set(catalog, [...found.values()]);
  return schemasOf(catalog);
}

/** Answers the resolver from the snapshot, and from the columns of files and table functions that were asked for before. */
export function catalogLookup(
  catalog: Catalog,
  files: ReadonlyMap<string, readonly TypedName[]>,
  tableFunctions: ReadonlyMap<string, readonly TypedName[]>,
): Lookup {
  return {
    relation: (parts, use) => findTable(catalog, parts, use),
    file: (path) => files.get(path),
    tableFunction: (name) => tableFunctions.get(name.toLowerCase()),
    returnType: (name) => {
      const overloads = catalog.functions.get(name.toLowerCase()) ?? [];
      const types = new Set(overloads.map(({ returnType }) => returnType));
      return types.size === 1 ? overloads[0]?.returnType : undefined;
    },
  };
}
