import { valuesByName, valuesFor } from './boundVariables.ts';
import { isTemporary, NO_EFFECT, type TableName } from './cache/effect.ts';
import type { Connection } from './duckdb/connection.ts';
import { type ExamineContext, type Survey, survey } from './examine.ts';
import { UNKNOWN_EFFECTS } from './parallel/dependencyGraph.ts';
import type { RunSession } from './queryRun.ts';
import { namedParameters, setVariableName, variablesRead } from './sql/namedParameters.ts';
import { namesSaid } from './sql/resultName.ts';
import { type Statement, splitStatements } from './sql/splitStatements.ts';
import type { Cell, CellEffects } from './types.ts';

/** The session's side of a run of cells. */
export interface CellSession extends RunSession {
  /** True when only the session's own connection gives the session's answers: it changed settings, say, or is in a transaction. */
  own(): boolean;
  /** Whether statements of the session can read the rows of an earlier run under this name, in lower case. */
  isNamed(name: string): boolean;
}

const NO_EFFECTS: CellEffects = Object.freeze({ reads: [], writes: [], session: false, ddl: false });

/** A session without any state of its own, on a connection that has none, in the name of another. */
export function cleanSession(
  { id, name, cwd, home }: Pick<RunSession, 'id' | 'name' | 'cwd' | 'home'>,
  connection: Connection,
  isNamed: (name: string) => boolean = () => false,
): CellSession {
  const names = { settings: undefined, catalog: undefined };
  const state = { transactionEffect: NO_EFFECT, names, hasOwnNames: false, noteOwnState: () => undefined, occupied: undefined };
  return { id, name, cwd, home, connection, inTransaction: false, ...state, own: () => false, isNamed };
}

/** As `effectsOf`, one cell after the other. */
export async function effectsOfAll(context: ExamineContext, session: CellSession, cells: readonly Cell[]): Promise<CellEffects[]> {
  const effects: CellEffects[] = [];
  for (const cell of cells)
    effects.push(cell.ran ? ranEffects(cell.ran, session, cell, cells) : await effectsOf(context, session, cell, cells));
  return effects;
}

/** What a cell did when it ran, with what its text says of the session. */
function ranEffects(ran: CellEffects, session: CellSession, cell: Cell, cells: readonly Cell[]): CellEffects {
  const named = namesOfOthers(cell, cells);
  let { reads, writes } = ran;
  for (const statement of splitStatements(cell.sql)) {
    const own = ownState(statement, cell.sql, (name) => named.has(name) || session.isNamed(name));
    reads = union(reads, own.reads);
    writes = union(writes, own.writes);
  }
  if (cell.resultName !== undefined) writes = union(writes, [resultOf(cell.resultName)]);
  return { ...ran, reads, writes };
}

function namesOfOthers(cell: Cell, cells: readonly Cell[]): ReadonlySet<string> {
  return new Set(cells.flatMap((other) => (other === cell || !other.resultName ? [] : [other.resultName.toLowerCase()])));
}

/**
 * What a cell would read and write now, by the plans of its statements. Anything in a session whose own state counts is unknown.
 * Beside tables and files it names what belongs to the session: `result:daily` for the rows of the cell of that name among `cells`,
 * `variable:region` for what SET VARIABLE sets and `$region` or `getvariable('region')` reads.
 */
export async function effectsOf(context: ExamineContext, session: CellSession, cell: Cell, cells: readonly Cell[]): Promise<CellEffects> {
  // Not planned: inside a transaction a plan would pin its snapshot.
  if (session.own()) return UNKNOWN_EFFECTS;
  const { sql: script, resultName } = cell;
  const named = namesOfOthers(cell, cells);
  let all: CellEffects = resultName === undefined ? NO_EFFECTS : { ...NO_EFFECTS, writes: [resultOf(resultName)], session: true };
  for (const statement of splitStatements(script)) {
    const own = ownState(statement, script, (name) => named.has(name) || session.isNamed(name));
    const values = await valuesFor(session.connection, statement, script, NO_VALUES);
    // Without a value the plan is one for NULL: it names the same tables.
    const params = values && Object.fromEntries([...Object.entries(values.values), ...values.missing.map((name) => [name, null] as const)]);
    const surveyed = await survey(context, session, statement, script, params);
    const effects = surveyed === 'mistake' ? ({ ...NO_EFFECTS, reads: 'unknown' } as const) : effectsIn(surveyed);
    if (effects.writes === 'unknown') return UNKNOWN_EFFECTS;
    all = {
      reads: union(union(all.reads, effects.reads), own.reads),
      writes: union(union(all.writes, effects.writes), own.writes),
      session: all.session || effects.session || own.reads.length + own.writes.length > 0,
      ddl: all.ddl || effects.ddl,
    };
  }
  return all;
}

const NO_VALUES = valuesByName(undefined);

/** What a statement's text says of the session's variables and named results. */
function ownState(
  statement: Statement,
  script: string,
  isNamed: (name: string) => boolean,
): { readonly reads: readonly string[]; readonly writes: readonly string[] } {
  const variables = [...namedParameters(statement, script).map(({ name }) => name), ...variablesRead(statement, script)];
  const set = setVariableName(statement, script);
  return {
    reads: [...namesSaid(statement, script, isNamed).map(resultOf), ...variables.map(variableOf)],
    writes: set === undefined ? [] : [variableOf(set)],
  };
}

function resultOf(name: string): string {
  return `result:${name.toLowerCase()}`;
}

function variableOf(name: string): string {
  return `variable:${name.toLowerCase()}`;
}

/** What a statement reads and writes, by name. Nothing known of it: anything. */
export function effectsIn(surveyed: Survey | undefined): CellEffects {
  if (!surveyed || surveyed.effect.all || surveyed.effect.catalogs.length > 0) return UNKNOWN_EFFECTS;
  const { effect, tables, files, steady } = surveyed;
  const temporary = [...tables, ...effect.tables].some(({ catalog }) => isTemporary(catalog));
  return {
    reads: steady ? [...tables.map(nameOf), ...files.map((file) => `file:${file}`)] : 'unknown',
    writes: effect.tables.map(nameOf),
    session: temporary || effect.settings || !steady,
    ddl: effect.definitions,
  };
}

function union(a: readonly string[] | 'unknown', b: readonly string[] | 'unknown'): readonly string[] | 'unknown' {
  return a === 'unknown' || b === 'unknown' ? 'unknown' : [...new Set([...a, ...b])];
}

function nameOf({ catalog, schema, table }: TableName): string {
  return `${catalog}.${schema}.${table}`;
}
