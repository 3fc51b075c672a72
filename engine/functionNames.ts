import { type FunctionNames, MISLABELLED_FUNCTIONS } from './cache/planFacts.ts';
import { builtInFunctions as readBuiltInFunctions } from './duckdb/builtInFunctions.ts';
import type { Connection } from './duckdb/connection.ts';

/** Names of built-in functions: those of the library, the same for each database. */
let builtInFunctions: FunctionNames | undefined;

/** Read once, from the first database. */
export async function readFunctions(connection: Connection): Promise<FunctionNames> {
  if (builtInFunctions !== undefined) return builtInFunctions;
  const rows = await readBuiltInFunctions(connection);
  const known = new Set(rows.map(([name]) => name));
  const pure = new Set(rows.filter(([, consistent]) => consistent).map(([name]) => name));
  for (const name of MISLABELLED_FUNCTIONS) pure.delete(name);
  builtInFunctions = { pure, known };
  return builtInFunctions;
}
