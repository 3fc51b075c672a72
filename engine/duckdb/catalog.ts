import type { DuckDBValue } from '@duckdb/node-api';
import type { CatalogColumn, CatalogEntry } from '../types.ts';

const TABLES = `
  select database_name, schema_name, table_name, 'table', estimated_size, sql, comment from duckdb_tables() where not internal
  union all
  select database_name, schema_name, view_name, 'view', null, sql, comment from duckdb_views() where not internal
  order by all`;

const COLUMNS = `
  select database_name, schema_name, table_name, column_name, data_type, comment
  from duckdb_columns() where not internal order by database_name, schema_name, table_name, column_index`;

/** Tables and views that a user made, with their columns, in the order of their names. */
export async function readCatalog(query: (sql: string) => Promise<DuckDBValue[][]>): Promise<CatalogEntry[]> {
  const tables = await query(TABLES);
  const columns = new Map<string, CatalogColumn[]>();
  for (const [database, schema, table, name, type, comment] of await query(COLUMNS)) {
    const key = JSON.stringify([database, schema, table]);
    const list = columns.get(key) ?? [];
    list.push({ name: String(name), type: String(type), ...(comment !== null && { comment: String(comment) }) });
    columns.set(key, list);
  }
  return tables.map(([database, schema, name, kind, size, sql, comment]) => ({
    database: String(database),
    schema: String(schema),
    name: String(name),
    kind: kind === 'view' ? 'view' : 'table',
    estimatedRows: size === null ? undefined : Number(size),
    columns: columns.get(JSON.stringify([database, schema, name])) ?? [],
    sql: sql === null ? undefined : String(sql),
    ...(comment !== null && comment !== undefined && { comment: String(comment) }),
  }));
}
