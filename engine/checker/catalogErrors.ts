import { KodiakError } from '../base/errors.ts';
import { literal } from '../base/sqlText.ts';
import type { Connection } from '../duckdb/connection.ts';
import { closestNames } from '../sql/closestNames.ts';
import { type Definition, readDefinition, unquoted } from '../sql/definition.ts';
import { nameChain } from '../sql/errorPlaces.ts';
import type { Statement } from '../sql/splitStatements.ts';
import { sameName } from '../sql/sqlNames.ts';
import type { Facts } from './databaseFacts.ts';
import type { Surroundings, Task } from './scriptPlan.ts';
import type { ScriptStubs } from './scriptStubs.ts';
import { mentions, qualifierLength, wordOf } from './statementWords.ts';

/** DuckDB's own views, which a table of that name may stand before. */
const INTERNAL_NAME = /^(?:pg_|duckdb_|sqlite_|pragma_)|\./i;

/** Where the default schema of the default database has what a CREATE makes beside tables and views. */
const DEFINED: Readonly<Record<string, string>> = {
  type: 'duckdb_types() where lower(type_name) = $name and not internal and schema_name = current_schema()',
  sequence: 'duckdb_sequences() where lower(sequence_name) = $name and schema_name = current_schema()',
  schema: 'duckdb_schemas() where lower(schema_name) = $name',
  macro: "duckdb_functions() where lower(function_name) = $name and function_type = 'macro' and schema_name = current_schema()",
  tableMacro: "duckdb_functions() where lower(function_name) = $name and function_type = 'table_macro' and schema_name = current_schema()",
  index: 'duckdb_indexes() where lower(index_name) = $name and schema_name = current_schema()',
};

/** What DuckDB would find only when it ran the statement: names of schemas, prepared statements, columns that ALTER changes. */
export async function catalogErrors(
  { statement, script, prepared, dropped, judged }: Task,
  stubs: ScriptStubs,
  plain: ScriptStubs,
  facts: Facts,
  { names }: Surroundings,
): Promise<KodiakError[]> {
  const word = wordOf(statement, script, 0);
  if (word === 'execute') {
    const name = wordOf(statement, script, 1);
    return name !== '' && !prepared.has(name)
      ? [
          new KodiakError('sql', `Binder Error: Prepared statement "${name}" does not exist`, {
            candidates: closestNames(name, prepared),
          }),
        ]
      : [];
  }
  if (word === 'use') {
    const name = wordOf(statement, script, 1);
    if (name === '' || facts.schemas.has(name) || stubs.uncertain.has(name)) return [];
    const candidates = closestNames(name, facts.schemas);
    return [new KodiakError('sql', `Catalog Error: SET schema: No catalog + schema named "${name}" found.`, { candidates })];
  }
  if (word === 'alter') {
    if (judged.ask !== 'prepare' || mentions(statement, script, stubs.uncertain)) return [];
    const error = await stubs.tryAlter(statement, script);
    return error && /does not have a column|already exists/.test(error.message) ? [error] : [];
  }
  if (word === 'detach' || (word === 'drop' && wordOf(statement, script, 1) === 'schema')) {
    return missingSchema(statement, script, facts, stubs.uncertain);
  }
  if (word === 'comment') return judged.ask === 'prepare' ? await missingColumn(statement, script, stubs) : [];
  const definition = word === 'create' && judged.ask === 'prepare' ? readDefinition(statement, script) : undefined;
  if (!definition || definition.temporary) return [];
  const head = script.slice(statement.start, definition.start).toLowerCase();
  if (/\b(?:replace|exists)\b/.test(head) || dropped.has(definition.name.toLowerCase()) || dropped.has('*')) return [];
  if (definition.kind !== 'table' && definition.kind !== 'view') {
    const isHere = names !== undefined && !/,/.test(names.searchPath) && definition.qualifiers === 0;
    const isFunction = definition.kind === 'macro';
    const name = definition.name.toLowerCase();
    if (!isHere || (isFunction && !facts.functions.has(name) && !facts.tableMacros.has(name))) return [];
    if (!(await isDefined(definition, isFunction && /\bas\s+table\b/i.test(statement.text), plain.connection))) return [];
    return [
      new KodiakError('sql', `Catalog Error: ${titleOf(definition.kind)} with name "${definition.name}" already exists in the database.`),
    ];
  }
  const name = script.slice(definition.start - qualifierLength(script, definition.start), definition.end);
  // Along a search path, and of temporary tables, the name may be another's.
  const isElse = names === undefined || /,/.test(names.searchPath) || names.tables.some((table) => sameName(table.name, definition.name));
  const exists = !isElse && !INTERNAL_NAME.test(definition.name) && (await plain.connection.describe(`from ${name}`));
  if (!exists || facts.schemas.has(definition.name.toLowerCase())) return [];
  return [
    new KodiakError('sql', `Catalog Error: ${titleOf(definition.kind)} with name "${definition.name}" already exists in the database.`),
  ];
}

async function isDefined({ kind, name }: Definition, isTable: boolean, connection: Connection): Promise<boolean> {
  const place = DEFINED[isTable ? 'tableMacro' : kind];
  if (place === undefined) return false;
  const sql = `from ${place.replace('$name', literal(name.toLowerCase()))} and database_name = current_database() limit 1`;
  return (await connection.rows(sql)).length > 0;
}

function titleOf(kind: Definition['kind']): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1);
}

/** DETACH or DROP SCHEMA of one that is not there. */
function missingSchema(statement: Statement, script: string, { schemas }: Facts, uncertain: ReadonlySet<string>): KodiakError[] {
  const isDetach = wordOf(statement, script, 0) === 'detach';
  const at = isDetach && wordOf(statement, script, 1) !== 'database' ? 1 : 2;
  const name = wordOf(statement, script, at);
  const isQualified = wordOf(statement, script, at + 1) === '.';
  if (name === '' || name === 'if' || isQualified || schemas.has(name) || uncertain.has(name)) return [];
  const said = isDetach
    ? `Binder Error: Failed to detach database with name "${name}": database not found`
    : `Catalog Error: Schema with name "${name}" does not exist!`;
  return [new KodiakError('sql', said, { candidates: closestNames(name, schemas) })];
}

/** The column of COMMENT ON COLUMN that its table does not have. */
async function missingColumn(statement: Statement, script: string, stubs: ScriptStubs): Promise<KodiakError[]> {
  if (wordOf(statement, script, 2) !== 'column' || mentions(statement, script, stubs.uncertain)) return [];
  const chain = nameChain(statement, script, 3);
  const column = chain.at(-1);
  const table = chain.at(-2);
  if (!column || !table) return [];
  const columns = await stubs.connection.describe(`from ${script.slice(chain[0]?.start, table.end)}`);
  const name = unquoted(column, script);
  if (!columns || columns.some((other) => sameName(other.name, name))) return [];
  const message = `Binder Error: Table "${unquoted(table, script)}" does not have a column with name "${name}"`;
  const near = closestNames(
    name.toLowerCase(),
    columns.map((other) => other.name),
  );
  return [new KodiakError('sql', message, { candidates: near })];
}
