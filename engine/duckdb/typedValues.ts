import type { DuckDBMaterializedResult, DuckDBPreparedStatement } from '@duckdb/node-api';
import { KodiakError } from '../base/errors.ts';
import { literal } from '../base/sqlText.ts';
import type { Parameters, ParameterValue, TypedValue } from '../types.ts';
import type { DuckDB } from './binding.ts';
import { isTyped, type NativeParameters, NativeValue } from './bindParameters.ts';
import { translateFailure } from './failure.ts';
import { typeName } from './readValue.ts';

type Run = (sql: string) => Promise<DuckDBMaterializedResult>;

/** Has DuckDB read the values that come with a type's name. Rejects with `sql` for one that is not of its type. */
export async function readTyped(duckdb: DuckDB, run: Run, params: Parameters): Promise<NativeParameters> {
  if (Array.isArray(params)) return params as NativeParameters;
  const read: [string, ParameterValue | NativeValue][] = [];
  for (const [name, value] of Object.entries(params as Readonly<Record<string, ParameterValue>>)) {
    read.push([name, isTyped(value) ? await readValue(duckdb, run, name, value) : value]);
  }
  return Object.fromEntries(read);
}

async function readValue(duckdb: DuckDB, run: Run, name: string, { type, text }: TypedValue): Promise<NativeValue> {
  if (text === null) return new NativeValue(null, duckdb.SQLNULL);
  try {
    const result = await run(`select cast(${literal(text)} as ${checkedType(type)})`);
    return new NativeValue(result.getChunk(0).getRowValues(0)[0] ?? null, result.columnType(0));
  } catch (thrown) {
    const { message } = translateFailure(thrown);
    if (/transaction is aborted/i.test(message)) throw thrown;
    throw new KodiakError('sql', `$${name}: ${JSON.stringify(text)} is not a value of type ${type}. (${message.split('\n')[0]})`, {
      cause: thrown,
    });
  }
}

/** The types that DuckDB's binder finds for the parameters of a statement, by name in lower case. */
export function parameterTypes(statement: DuckDBPreparedStatement): ReadonlyMap<string, string> {
  const types = new Map<string, string>();
  for (let index = 1; index <= statement.parameterCount; index++) {
    const type = knownType(statement, index);
    if (type !== undefined) types.set(statement.parameterName(index).toLowerCase(), type);
  }
  return types;
}

/** The binder does not always know, and says so by an error. */
function knownType(statement: DuckDBPreparedStatement, index: number): string | undefined {
  try {
    const name = typeName(statement.parameterType(index));
    return /^(?:INVALID|ANY|UNKNOWN|SQLNULL|"NULL")$/.test(name) ? undefined : name;
  } catch {
    return undefined;
  }
}

/** The name of a type, and nothing but that. */
function checkedType(type: string): string {
  if (/^(?:[\p{L}\p{N}_ ,.()[\]]|"(?:[^"]|"")*"|'(?:[^']|'')*')+$/u.test(type)) return type;
  throw new KodiakError('sql', `${JSON.stringify(type)} is not the name of a type.`);
}
