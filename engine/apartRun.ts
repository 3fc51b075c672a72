import { KodiakError, ScriptError } from './base/errors.ts';
import { bindVariables, valuesByName } from './boundVariables.ts';
import { translateFailure } from './duckdb/failure.ts';
import { type RunContext, type RunSession, runStatement } from './queryRun.ts';
import { tellProgress } from './runProgress.ts';
import { splitStatements } from './sql/splitStatements.ts';
import type { Result, RunOptions } from './types.ts';

/** Runs a script of SELECTs on a connection that has no state. Rejects with a `ScriptError`, whose results are the caller's. */
export async function runApart(
  context: RunContext,
  session: RunSession,
  script: string,
  options: RunOptions & { readonly signal: AbortSignal },
): Promise<Result[]> {
  const results: Result[] = [];
  const { signal } = options;
  const statements = splitStatements(script);
  const values = valuesByName(options.values);
  let rows = 0;
  let grownBytes = () => 0;
  const state = () => ({ rows, grownBytes: grownBytes(), statementIndex: results.length, statementCount: statements.length });
  const timer = tellProgress(context.clock, session.connection, options.onProgress, state);
  try {
    for (const [index, statement] of statements.entries()) {
      rows = 0;
      grownBytes = () => 0;
      const params = await bindVariables(session.connection, statement, script, values);
      const onRows = (count: number) => {
        rows = count;
      };
      const onWatched = (grown: () => number) => {
        grownBytes = grown;
      };
      const onFirstRows = (result: Result) => options.onFirstRows?.(result, index);
      results.push(await runStatement(context, session, { script, statement, params, options, onRows, onWatched, onFirstRows }));
    }
    return results;
  } catch (thrown) {
    const failure = signal.aborted ? new KodiakError('cancelled', 'The query was cancelled.', { cause: thrown }) : translateFailure(thrown);
    throw new ScriptError(failure, results, results.length);
  } finally {
    timer.dispose();
  }
}
