import { planText } from '../../plan/planText.ts';
import { visibleLines } from '../../text/displayText.ts';
import { explainSql } from '../explainSql.ts';
import { expectSafe } from '../safeMode.ts';
import type { Shell } from '../shell.ts';
import { type CommandOutcome, type DotCommand, say } from './dotCommand.ts';

/** Commands about how DuckDB executes a statement. */
export const PLANS: readonly DotCommand[] = [
  {
    name: 'explain',
    usage: '[SQL]',
    summary: 'show how DuckDB would execute a statement',
    explanation:
      'Shows the operators with DuckDB’s estimates, without running anything. Without SQL it is the statement of the last result.',
    example: ['.explain select count(*) from orders', '.explain'],
    takes: 'rest',
    run: (shell, [sql], signal) => showPlan(shell, sql, false, signal),
  },
  {
    name: 'profile',
    usage: '[SQL]',
    summary: 'run a statement and show where its time goes',
    explanation:
      'Runs the statement, without showing its rows, and lists its operators with measured rows and times, the inputs of each below it. It changes what it changes. Without SQL it is the statement of the last result.',
    example: ['.profile select count(*) from orders', '.profile'],
    takes: 'rest',
    run: (shell, [sql], signal) => showPlan(shell, sql, true, signal),
  },
];

async function showPlan(shell: Shell, typed: string | undefined, analyze: boolean, signal: AbortSignal): Promise<CommandOutcome> {
  const sql = (typed ?? shell.last?.sql)?.replace(/;\s*$/, '');
  if (sql === undefined) throw new Error('There is no statement yet: give one behind the command.');
  if (shell.safe) await expectSafe(shell, sql, signal);
  const plan = await explainSql(shell, sql, analyze, signal);
  await shell.output.writeLines(visibleLines(planText(plan)).trimEnd().split('\n'));
  return plan.notice === undefined ? 'done' : say(shell, shell.output.style.dim(visibleLines(plan.notice)));
}
