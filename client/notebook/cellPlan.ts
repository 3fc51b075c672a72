import { randomUUID } from 'node:crypto';
import { type NotebookCellExecution, NotebookCellOutput, NotebookCellOutputItem } from 'vscode';
import { PLAN_MIME, type PlanOutput } from '../../server/protocol/plan.ts';
import { cancelQuery, explainStatement } from '../../server/protocol/requests.ts';
import { planText } from '../plan/planText.ts';
import { type RunTarget, shortSql } from '../results/runTarget.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';
import { workingFolder } from './workingFolder.ts';

/** The metadata of outputs that hold a plan that was asked for by a command. */
const PLAN_KEY = 'kodiakPlan';

/** Shows the plan of a statement of a cell below what the cell shows already, in place of the plan that was there before. */
export async function showCellPlan(server: ServerProcess, execution: NotebookCellExecution, target: RunTarget): Promise<void> {
  const { cell } = execution;
  const { notebook } = cell;
  const cwd = workingFolder(notebook);
  const runId = randomUUID();
  const cancelling = execution.token.onCancellationRequested(() => {
    server.request(cancelQuery, { runId }).catch(() => {
      // The request itself says what became of the server.
    });
  });
  try {
    const params = { runId, sessionId: notebook.uri.toString(), sql: target.sql, analyze: target.plan === 'profile' };
    const plan = await server.request(explainStatement, { ...params, ...(cwd !== undefined && { cwd }) }, execution.token);
    const items = planItems({ plan, title: shortSql(target.sql) });
    const shown = cell.outputs.find(({ metadata }) => metadata?.[PLAN_KEY] === true);
    if (shown !== undefined) await execution.replaceOutputItems(items, shown);
    else await execution.appendOutput(new NotebookCellOutput(items, { [PLAN_KEY]: true }));
  } catch (error) {
    void showFailure(error);
  } finally {
    cancelling.dispose();
  }
}

function planItems(output: PlanOutput): NotebookCellOutputItem[] {
  return [NotebookCellOutputItem.text(JSON.stringify(output), PLAN_MIME), NotebookCellOutputItem.text(planText(output.plan), 'text/plain')];
}
