import { KodiakError } from './base/errors.ts';
import { after } from './base/timers.ts';
import type { Connection } from './duckdb/connection.ts';
import type { FailureOrigin } from './duckdb/failure.ts';
import type { NativeChunk } from './duckdb/nativeChunk.ts';
import type { ExaminedSession } from './examine.ts';
import { largestEstimate, readPhysicalPlan } from './plan/physicalPlan.ts';
import type { GrowingRows } from './result/growingRows.ts';
import { resolvePaths } from './sql/absolutePaths.ts';
import { type ExplainedStatement, explainedStatement } from './sql/explainedStatement.ts';
import { isTrivial } from './sql/isTrivial.ts';
import type { Statement } from './sql/splitStatements.ts';
import { actsWhenPlanned, classifyStatement } from './sql/statementClass.ts';
import type { Parameters, Plan, RunEstimate } from './types.ts';

export const PLAN_HEAD = 'explain (format json) ';
export const PROFILE_HEAD = 'explain (analyze, format json) ';
export const DRAWING_HEAD = 'explain ';

/** How long DuckDB may think about an estimate; a statement that it has none for by then runs unasked. */
const ESTIMATE_MS = 200;

/** A statement with the script that the offsets of its tokens belong to. */
export interface PlannedStatement {
  readonly statement: Statement;
  readonly script: string;
  readonly params: Parameters | undefined;
}

export interface PlanSession extends Pick<ExaminedSession, 'inTransaction'> {
  readonly cwd: string | undefined;
  readonly connection: Connection;
}

/** The statement behind an EXPLAIN of ours. Places of errors are offsets in `script`, after `offset`. */
export function explaining(head: string, { statement, script }: PlannedStatement, cwd: string | undefined, offset = 0): FailureOrigin {
  const resolved = resolvePaths(statement, script, cwd);
  return {
    text: head + resolved.text,
    script,
    toScript: (at) => offset + resolved.toScript(Math.max(0, at - head.length)),
  };
}

/** For the statements that DuckDB runs under EXPLAIN ANALYZE without telling a measure: lists of values, and what defines something. */
export const UNMEASURED = 'The statement was run, but DuckDB measures nothing for a plan of this kind: these are its estimates.';

/** What an EXPLAIN answers: the last column of its rows. It is refused when DuckDB would run a part of the statement to know the rest. */
export async function askPlan(
  connection: Connection,
  origin: FailureOrigin,
  params: Parameters | undefined,
  signal: AbortSignal | undefined,
  mayRun = false,
): Promise<string> {
  const lines: string[] = [];
  const sink = {
    head: () => undefined,
    several: () => {
      if (!mayRun) throw severalError();
    },
    chunk: async (chunk: NativeChunk) => {
      lines.push(...chunk.readRows(0, chunk.rowCount).map((row) => String(row.at(-1) ?? '')));
      return true;
    },
  };
  await connection.execute(origin, params, sink, signal);
  return lines.join('\n');
}

/** A typed EXPLAIN whose plan is wanted as more than a text. */
export interface DrawnPlan {
  readonly explained: ExplainedStatement;
  /** What is sent in its place, because nothing could tell the measures a second time; undefined where it stays as it is. */
  asked(cwd: string | undefined): FailureOrigin | undefined;
}

export function drawnPlan(statement: Statement, script: string): DrawnPlan | undefined {
  const explained = explainedStatement(statement, script);
  if (explained === undefined || (explained.format !== undefined && explained.format !== 'json')) return undefined;
  const { inner, offset, analyze, format } = explained;
  const planned = { statement: inner, script: inner.text, params: undefined };
  return {
    explained,
    asked: (cwd) => {
      if (!analyze || format !== undefined) return undefined;
      return { ...explaining(PROFILE_HEAD, planned, cwd, offset), script };
    },
  };
}

/** The plan of an EXPLAIN that has run. Undefined when DuckDB gives none; the text that it gave stays. */
export async function withPlan(
  session: PlanSession,
  run: PlannedStatement,
  { explained }: DrawnPlan,
  rows: GrowingRows<NativeChunk>,
  signal: AbortSignal | undefined,
): Promise<Plan | undefined> {
  const { analyze, format, inner } = explained;
  const given = (await rows.page(0, rows.rowCount)).map((row) => String(row.at(-1) ?? '')).join('\n');
  const told = analyze || format !== undefined ? readPhysicalPlan(given) : undefined;
  if (told !== undefined) return told;
  const planned = { statement: inner, script: inner.text, params: run.params };
  const asked = askPlan(session.connection, explaining(PLAN_HEAD, planned, session.cwd), run.params, signal);
  const plan = await asked.then(readPhysicalPlan, () => undefined);
  return plan && { ...plan, ...(analyze ? { notice: UNMEASURED } : { text: given }) };
}

/**
 * How many rows a statement may produce. Undefined where DuckDB has no estimate or needs long for one, and inside a transaction,
 * which a question that fails would abort.
 */
export async function estimateRun(
  session: PlanSession,
  run: PlannedStatement,
  signal: AbortSignal | undefined,
): Promise<RunEstimate | undefined> {
  const explained = explainedStatement(run.statement, run.script);
  if (explained !== undefined && !explained.analyze) return undefined;
  const planned = explained ? { ...run, statement: explained.inner, script: explained.inner.text } : run;
  if (session.inTransaction || !hasEstimate(planned.statement, planned.script)) return undefined;
  const limit = new AbortController();
  const timer = after(ESTIMATE_MS, () => limit.abort());
  try {
    const either = signal ? AbortSignal.any([signal, limit.signal]) : limit.signal;
    const json = await askPlan(session.connection, explaining(PLAN_HEAD, planned, session.cwd), run.params, either);
    const plan = readPhysicalPlan(json);
    const largest = plan && largestEstimate(plan);
    const { start, end } = run.statement;
    return largest && { range: { start, end }, rows: largest.estimatedRows ?? 0, operator: largest.kind };
  } catch {
    // What is wrong with the statement its run says.
    return undefined;
  } finally {
    timer.dispose();
  }
}

function hasEstimate(statement: Statement, script: string): boolean {
  const statementClass = classifyStatement(statement, script);
  if (statementClass !== 'query' && statementClass !== 'change') return false;
  return !isTrivial(statement, script) && !actsWhenPlanned(statement, script);
}

function severalError(): KodiakError {
  return new KodiakError(
    'sql',
    'DuckDB would have to run a part of this PIVOT to know its columns. Name them (ON … IN (…)), or profile the statement, which runs it.',
  );
}
