import { KodiakError } from './base/errors.ts';
import { runWithEffect } from './effectRun.ts';
import { examine } from './examine.ts';
import { readPhysicalPlan } from './plan/physicalPlan.ts';
import { askPlan, DRAWING_HEAD, explaining, PLAN_HEAD, type PlannedStatement, PROFILE_HEAD, UNMEASURED } from './planRun.ts';
import { headOf, type RunContext, type RunSession } from './queryRun.ts';
import { explainedStatement } from './sql/explainedStatement.ts';
import { splitStatements } from './sql/splitStatements.ts';
import { actsWhenPlanned, classifyStatement } from './sql/statementClass.ts';
import type { Plan } from './types.ts';

/** A statement whose plan is asked for, and where it stands in the text that was sent. */
export interface ExplainOrder extends PlannedStatement {
  readonly sent: string;
  readonly offset: number;
}

/** The one statement of a text, or what it explains if it is an EXPLAIN. Rejects what has no plan with `sql`. */
export function explainOrder(sent: string): Omit<ExplainOrder, 'params'> {
  const statements = splitStatements(sent);
  const [only] = statements;
  if (only === undefined || statements.length > 1) {
    const problem =
      only === undefined ? 'There is no statement to explain.' : 'Only one statement can be explained; this text has several.';
    throw new KodiakError('sql', problem);
  }
  const explained = explainedStatement(only, sent);
  const order = explained
    ? { statement: explained.inner, script: explained.inner.text, offset: explained.offset, sent }
    : { statement: only, script: sent, offset: 0, sent };
  const statementClass = classifyStatement(order.statement, order.script);
  if (statementClass !== 'query' && statementClass !== 'change') {
    const word = /^\w*/.exec(order.statement.text)?.[0].toUpperCase();
    throw new KodiakError('sql', `${word} has no plan: only statements that read or change rows have one.`);
  }
  return order;
}

/** DuckDB's plan with its estimates. Nothing of the statement runs. */
export async function planStatement(session: RunSession, order: ExplainOrder, signal: AbortSignal): Promise<Plan> {
  await session.occupied;
  if (actsWhenPlanned(order.statement, order.script)) {
    throw new KodiakError('sql', 'Asking for the plan of this statement would already change something: an argument in FROM acts.');
  }
  const ask = (head: string) => askPlan(session.connection, originOf(head, session, order), order.params, signal);
  const json = await ask(PLAN_HEAD);
  const text = await ask(DRAWING_HEAD);
  return { ...readAnswer(json), text: text.trimEnd() };
}

/** Runs a statement for its measures: on the way of every statement, except that its rows go nowhere and the cache is not asked. */
export async function profileStatement(context: RunContext, session: RunSession, order: ExplainOrder, signal: AbortSignal): Promise<Plan> {
  await session.occupied;
  if (context.databaseFiles.changedByOthers()) context.versions.moveAll();
  const { definitions } = context.versions;
  const { statement, script, params } = order;
  const examined = { statement, script, params, maxRows: undefined, refusal: 'its plan is asked for', unwatched: !context.cache.enabled };
  const { effect } = await examine(context, session, examined);
  const estimated = actsWhenPlanned(statement, script)
    ? undefined
    : await askPlan(session.connection, originOf(PLAN_HEAD, session, order), params, signal).catch(() => undefined);
  const author = { session: session.name, origin: undefined, sql: headOf(statement.text) };
  const json = await context.admission.submit(
    () =>
      runWithEffect(context, { effect, definitions, author }, signal, (watched) =>
        askPlan(session.connection, originOf(PROFILE_HEAD, session, order), params, watched, true),
      ),
    { signal, trivial: false, key: undefined },
  );
  const plan = readPhysicalPlan(json);
  if (plan === undefined) return { ...readAnswer(estimated ?? json), notice: UNMEASURED };
  const threads = await session.connection.rows("select current_setting('threads')::integer").catch(() => []);
  const count = Number(threads[0]?.[0]);
  return plan.totals && count > 0 ? { ...plan, totals: { ...plan.totals, threads: count } } : plan;
}

function originOf(head: string, session: RunSession, order: ExplainOrder) {
  return { ...explaining(head, order, session.cwd, order.offset), script: order.sent };
}

function readAnswer(json: string): Plan {
  const plan = readPhysicalPlan(json);
  if (plan === undefined) throw new KodiakError('bug', `DuckDB gave a plan that cannot be read: ${json.slice(0, 200)}`);
  return plan;
}
