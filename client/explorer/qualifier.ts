import { sameName } from '../../engine/sql/sqlNames.ts';
import type { CatalogDatabase } from '../../server/protocol/requests.ts';

const DEFAULT_SCHEMA = 'main';

/**
 * What a name in a schema needs before it for DuckDB to find it: nothing in `main` of the default database, and never a name that
 * could mean a database as well as a schema.
 */
export function qualifierOf(databases: readonly CatalogDatabase[], database: CatalogDatabase, schema: string): readonly string[] {
  if (database.isDefault) {
    if (sameName(schema, DEFAULT_SCHEMA)) return [];
    return databases.some(({ name }) => sameName(name, schema)) ? [database.name, schema] : [schema];
  }
  if (!sameName(schema, DEFAULT_SCHEMA)) return [database.name, schema];
  const standard = databases.find(({ isDefault }) => isDefault);
  return standard?.schemas.some(({ name }) => sameName(name, database.name)) ? [database.name, schema] : [database.name];
}
