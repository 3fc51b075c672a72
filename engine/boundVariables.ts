import { KodiakError } from './base/errors.ts';
import { literal } from './base/sqlText.ts';
import type { Connection } from './duckdb/connection.ts';
import type { Token } from './sql/lexer.ts';
import { namedParameters, setVariableName } from './sql/namedParameters.ts';
import type { Statement } from './sql/splitStatements.ts';
import type { Parameters, TypedValue } from './types.ts';

/** Values by name, whatever the case. */
export type Values = ReadonlyMap<string, TypedValue>;

export function valuesByName(values: Readonly<Record<string, TypedValue>> | undefined): Values {
  return new Map(Object.entries(values ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * Values for the `$name`s of a statement: those given, else the variables of that name that the connection has (SET VARIABLE).
 * `undefined` for a statement without any. Names without a value come back in `missing`.
 */
export async function valuesFor(
  connection: Connection,
  statement: Statement,
  script: string,
  given: Values,
): Promise<{ readonly values: Readonly<Record<string, TypedValue>>; readonly missing: readonly string[] } | undefined> {
  const parameters = namedParameters(statement, script);
  if (parameters.length === 0) return undefined;
  const unknown = parameters.filter(({ name }) => !given.has(name.toLowerCase()));
  const variables =
    unknown.length === 0
      ? new Map()
      : await readVariables(
          connection,
          unknown.map(({ name }) => name),
        );
  const values: Record<string, TypedValue> = Object.create(null);
  const missing: string[] = [];
  for (const { name } of parameters) {
    const value = given.get(name.toLowerCase()) ?? variables.get(name.toLowerCase());
    if (value) values[name] = value;
    else missing.push(name);
  }
  return { values, missing };
}

/** The values for a statement's `$name`s. Rejects with `sql`, and the names that miss a value, when one does. */
export async function bindVariables(
  connection: Connection,
  statement: Statement,
  script: string,
  given: Values,
): Promise<Parameters | undefined> {
  const found = await valuesFor(connection, statement, script, given);
  if (found && found.missing.length > 0) throw await missingValues(connection, [statement], script, new Set(found.missing));
  return found?.values;
}

/**
 * Rejects as `bindVariables` when a statement will miss a value that no statement before it sets: before any of them has run, so that
 * the whole can be run again with the value.
 */
export async function expectValues(connection: Connection, statements: readonly Statement[], script: string, given: Values): Promise<void> {
  const set = new Set<string>();
  const asked = new Map<string, string>();
  for (const statement of statements) {
    for (const { name } of namedParameters(statement, script)) {
      const key = name.toLowerCase();
      if (!set.has(key) && !given.has(key) && !asked.has(key)) asked.set(key, name);
    }
    const variable = setVariableName(statement, script);
    if (variable !== undefined) set.add(variable.toLowerCase());
  }
  if (asked.size === 0) return;
  const variables = await readVariables(connection, [...asked.values()]);
  const missing = [...asked].filter(([key]) => !variables.has(key)).map(([, name]) => name);
  if (missing.length > 0) throw await missingValues(connection, statements, script, new Set(missing));
}

async function missingValues(
  connection: Connection,
  statements: readonly Statement[],
  script: string,
  missing: ReadonlySet<string>,
): Promise<KodiakError> {
  const types = new Map<string, string>();
  let place: Token | undefined;
  for (const statement of statements) {
    const parameters = namedParameters(statement, script).filter(({ name }) => missing.has(name));
    place ??= parameters[0]?.token;
    if (parameters.length === 0) continue;
    for (const { name, token } of parameters) {
      const type = castType(statement, script, token);
      if (type !== undefined) types.set(name.toLowerCase(), type);
    }
    for (const [name, type] of await connection.parameterTypes(statement.text)) types.set(name, type);
  }
  const { start, end } = place ?? { start: 0, end: 1 };
  const before = script.slice(0, start);
  const names = [...missing].map((name) => `$${name}`).join(', ');
  const [first = ''] = missing;
  return new KodiakError('sql', `No value for ${names}: give one by SET VARIABLE ${first} = … before.`, {
    position: {
      offset: start,
      line: before.split('\n').length - 1,
      column: start - (before.lastIndexOf('\n') + 1),
      length: end - start,
    },
    missing: [...missing].map((name) => {
      const type = types.get(name.toLowerCase());
      return { name, ...(type !== undefined && { type }) };
    }),
  });
}

/** The type in `$name::DATE`: DuckDB tells no types of a statement in which one is not known. */
function castType({ tokens }: Statement, script: string, token: Token): string | undefined {
  const index = tokens.indexOf(token);
  const [cast, type] = [tokens[index + 1], tokens[index + 2]];
  return cast && type?.kind === 'word' && script.slice(cast.start, cast.end) === '::'
    ? script.slice(type.start, type.end).toUpperCase()
    : undefined;
}

/** The session's variables of these names. One that holds NULL is there; its value has no text. */
async function readVariables(connection: Connection, names: readonly string[]): Promise<Map<string, TypedValue>> {
  const parts = names.map((name) => {
    const value = `getvariable(${literal(name)})`;
    return `select name, typeof(${value}), cast(${value} as varchar) from duckdb_variables() where lower(name) = lower(${literal(name)})`;
  });
  const rows = await connection.rows(parts.join(' union all '));
  return new Map(
    rows.map(([name, type, text]) => [
      String(name).toLowerCase(),
      { type: String(type), text: text === null || text === undefined ? null : String(text) },
    ]),
  );
}
