import { maskDotCommands } from '../../engine/sql/dotCommands.ts';
import { explainedStatement } from '../../engine/sql/explainedStatement.ts';
import { type Statement, splitStatements } from '../../engine/sql/splitStatements.ts';
import { classifyStatement } from '../../engine/sql/statementClass.ts';
import { type PlanKind, type RunTarget, statementTarget } from './runTarget.ts';

/** The plan of the statement at a place of a text; of the last one that has a plan where there is no place. */
export function planTarget(text: string, cursor: number | undefined, plan: PlanKind): RunTarget | undefined {
  if (cursor !== undefined) {
    const target = statementTarget(text, cursor);
    return target && { ...target, plan };
  }
  const sql = maskDotCommands(text);
  const statements = splitStatements(sql);
  const last = statements.findLast((statement) => hasPlan(statement, sql)) ?? statements.at(-1);
  return last && { sql: last.text, offset: last.start, plan };
}

/** The first word of a statement that changes something, which its profile would do; undefined for one that only reads. */
export function writingWord(sql: string): string | undefined {
  const [statement] = splitStatements(sql);
  if (statement === undefined) return undefined;
  const { inner, script } = explained(statement, sql);
  return classifyStatement(inner, script) === 'query' ? undefined : /^\w*/.exec(inner.text)?.[0].toUpperCase();
}

function hasPlan(statement: Statement, sql: string): boolean {
  const { inner, script } = explained(statement, sql);
  const kind = classifyStatement(inner, script);
  return kind === 'query' || kind === 'change';
}

function explained(statement: Statement, sql: string): { readonly inner: Statement; readonly script: string } {
  const found = explainedStatement(statement, sql);
  return found ? { inner: found.inner, script: found.inner.text } : { inner: statement, script: sql };
}
