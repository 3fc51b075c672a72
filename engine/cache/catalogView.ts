import { TEMPORARY } from './effect.ts';

/** A table or view that a name can mean. */
export interface Relation {
  readonly catalog: string;
  readonly schema: string;
  readonly name: string;
  /** `generated`: a table with computed columns, whose expressions no syntax tree of a query shows. `system`: DuckDB's own views. */
  readonly kind: 'table' | 'generated' | 'view' | 'system';
  /** The SELECT of a view. */
  readonly select: string | undefined;
}

export interface Macro {
  readonly kind: 'scalar' | 'table';
  readonly internal: boolean;
  /** An expression, or the SELECT of a table macro. */
  readonly definition: string;
}

/** What the names of a statement can mean, at one moment and for one session. Names are looked up in lower case. */
export interface CatalogView {
  relationsNamed(name: string): readonly Relation[];
  macrosNamed(name: string): readonly Macro[];
  /** Names of macros that are not DuckDB's own. */
  readonly userMacroNames: readonly string[];
  /** True when the session has temporary tables or views: a name can then mean another thing than in other sessions. */
  readonly hasTemporary: boolean;
  /** Types that are not DuckDB's own, as text: another text when one of them was made anew. */
  readonly types: string;
  /** True when a database of another kind (SQLite, Postgres …) is attached: its data changes without a trace here. */
  readonly foreign: boolean;
}

/** Rows for `buildCatalogView`, to be read on the session's own connection: it alone sees its temporary objects. */
export const RELATIONS_QUERY =
  "select database_name, schema_name, table_name, if(internal, 'system', if(contains(sql, 'GENERATED ALWAYS AS'), 'generated', 'table')), " +
  "null from duckdb_tables() union all select database_name, schema_name, view_name, if(internal, 'system', 'view'), " +
  "if(internal, null, sql) from duckdb_views() union all select database_name, schema_name, type_name, 'type', type_oid::varchar " +
  "from duckdb_types() where not internal and database_name <> 'system'";

/** Rows for `buildCatalogView`. This is the slow one: DuckDB lists all of its functions for it. */
export const MACROS_QUERY =
  'select function_name, function_type, internal, macro_definition from duckdb_functions() ' +
  "where function_type in ('macro', 'table_macro')";

/** One row with the number of attached databases that are not DuckDB's. */
export const FOREIGN_QUERY = "select count(*) from duckdb_databases() where type <> 'duckdb'";

type Rows = readonly (readonly unknown[])[];

/** A view of the catalog from the rows of the three queries above. */
export function buildCatalogView(relationRows: Rows, macroRows: Rows, foreignRows: Rows): CatalogView {
  const relations = new Map<string, Relation[]>();
  const types: unknown[] = [];
  for (const [catalog, schema, name, kind, sql] of relationRows) {
    if (kind === 'type') {
      types.push([catalog, schema, name, sql]);
      continue;
    }
    const relation = {
      catalog: String(catalog).toLowerCase(),
      schema: String(schema).toLowerCase(),
      name: String(name).toLowerCase(),
      kind: kind as Relation['kind'],
      select: kind === 'view' ? selectOfView(String(sql)) : undefined,
    };
    relations.set(relation.name, [...(relations.get(relation.name) ?? []), relation]);
  }
  const macros = new Map<string, Macro[]>();
  const userMacroNames = new Set<string>();
  for (const [name, type, internal, definition] of macroRows) {
    const key = String(name).toLowerCase();
    const kind = type === 'table_macro' ? ('table' as const) : ('scalar' as const);
    macros.set(key, [...(macros.get(key) ?? []), { kind, internal: internal === true, definition: String(definition) }]);
    if (internal !== true) userMacroNames.add(key);
  }
  return {
    relationsNamed: (name) => relations.get(name.toLowerCase()) ?? [],
    macrosNamed: (name) => macros.get(name.toLowerCase()) ?? [],
    userMacroNames: [...userMacroNames],
    types: JSON.stringify(types),
    hasTemporary: relationRows.some(([catalog, , , kind]) => catalog === TEMPORARY && kind !== 'system'),
    foreign: Number(foreignRows[0]?.[0] ?? 1) > 0,
  };
}

/** What follows the first AS outside of quotes and parentheses in `CREATE VIEW name (columns) AS SELECT …;`. */
export function selectOfView(sql: string): string | undefined {
  let depth = 0;
  for (const match of sql.matchAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[()]|\b[a-z_]+\b/gi)) {
    const token = match[0];
    if (token === '(') depth++;
    else if (token === ')') depth--;
    else if (depth === 0 && token.toLowerCase() === 'as') return sql.slice(match.index + token.length).replace(/;\s*$/, '');
  }
  return undefined;
}
