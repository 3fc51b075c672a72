import { NO_EFFECT, type TableName, TEMPORARY } from './cache/effect.ts';
import type { Connection } from './duckdb/connection.ts';
import { type ExamineContext, type Survey, survey } from './examine.ts';
import { UNKNOWN_EFFECTS } from './parallel/dependencyGraph.ts';
import type { RunSession } from './queryRun.ts';
import { splitStatements } from './sql/splitStatements.ts';
import type { CellEffects } from './types.ts';

/** The session's side of a run of cells. */
export interface CellSession extends RunSession {
  /** True when only the session's own connection gives the session's answers: it changed settings, say, or is in a transaction. */
  own(): boolean;
}

const NO_EFFECTS: CellEffects = Object.freeze({ reads: [], writes: [], session: false, ddl: false });

/** A session without any state of its own, on a connection that has none. */
export function cleanSession(id: number, cwd: string | undefined, connection: Connection): CellSession {
  const state = { transactionEffect: NO_EFFECT, settings: undefined, catalog: undefined, occupied: undefined };
  return { id, cwd, connection, inTransaction: false, ...state, own: () => false };
}

/** As `effectsOf`, one script after the other. */
export async function effectsOfAll(context: ExamineContext, session: CellSession, scripts: readonly string[]): Promise<CellEffects[]> {
  const effects: CellEffects[] = [];
  for (const script of scripts) effects.push(await effectsOf(context, session, script));
  return effects;
}

/**
 * What a script would read and write now, by the plans of its statements. Anything in a session whose own state counts is unknown.
 */
export async function effectsOf(context: ExamineContext, session: CellSession, script: string): Promise<CellEffects> {
  // Not planned: inside a transaction a plan would pin its snapshot.
  if (session.own()) return UNKNOWN_EFFECTS;
  let all = NO_EFFECTS;
  for (const statement of splitStatements(script)) {
    const surveyed = await survey(context, session, statement, script);
    const effects = surveyed === 'mistake' ? ({ ...NO_EFFECTS, reads: 'unknown' } as const) : effectsIn(surveyed);
    if (effects.writes === 'unknown') return UNKNOWN_EFFECTS;
    all = {
      reads: union(all.reads, effects.reads),
      writes: union(all.writes, effects.writes),
      session: all.session || effects.session,
      ddl: all.ddl || effects.ddl,
    };
  }
  return all;
}

function effectsIn(surveyed: Survey | undefined): CellEffects {
  if (!surveyed || surveyed.effect.all || surveyed.effect.catalogs.length > 0) return UNKNOWN_EFFECTS;
  const { effect, tables, files, steady } = surveyed;
  const temporary = [...tables, ...effect.tables].some(({ catalog }) => catalog === TEMPORARY);
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
