import { type NotebookCell, type TextDocument, window } from 'vscode';
import { showCellPlan } from '../notebook/cellPlan.ts';
import type { SqlController } from '../notebook/controller.ts';
import { planTarget, writingWord } from '../results/planTarget.ts';
import type { ResultsView } from '../results/resultsView.ts';
import type { PlanKind } from '../results/runTarget.ts';
import { runTextTarget } from '../results/runTextTarget.ts';
import type { ServerProcess } from '../serverProcess.ts';

/** What the commands about plans work with. */
export interface PlanCommandParts {
  readonly server: ServerProcess;
  readonly results: ResultsView;
  readonly controller: SqlController;
}

/**
 * Shows the plan of a statement as a picture: of the one at the cursor, in a file or in a cell; of a cell's last one when the cursor is
 * not in it. A profile runs the statement; a person is asked before it changes something.
 */
export function explain({ server, results, controller }: PlanCommandParts, kind: PlanKind): (cell?: NotebookCell) => Promise<void> {
  return async (given) => {
    const editor = window.activeTextEditor;
    const cell = given ?? selectedCell(editor?.document);
    const document = cell?.document ?? editor?.document;
    if (document === undefined) {
      void window.showInformationMessage('There is no SQL here. Open a SQL file, or select a cell of a notebook.');
      return;
    }
    const cursor = editor?.document === document ? document.offsetAt(editor.selection.active) : undefined;
    const target = planTarget(document.getText(), cursor, kind);
    if (target === undefined) void window.showInformationMessage(`There is no statement here to ${kind}.`);
    else if (kind === 'profile' && !(await mayProfile(target.sql))) return;
    else if (cell === undefined) await runTextTarget(results, document, target);
    else await controller.workOn(cell, (execution) => showCellPlan(server, execution, target));
  };
}

/** The cell that a text belongs to, or the one that is selected in the notebook in front. */
function selectedCell(document: TextDocument | undefined): NotebookCell | undefined {
  if (document !== undefined && document.uri.scheme !== 'vscode-notebook-cell') return undefined;
  const notebook = window.activeNotebookEditor;
  const cells = notebook?.notebook.getCells() ?? [];
  return cells.find((cell) => cell.document === document) ?? cells[notebook?.selection.start ?? 0];
}

async function mayProfile(sql: string): Promise<boolean> {
  const word = writingWord(sql);
  if (word === undefined) return true;
  const profile = 'Run and Profile';
  const message = `To profile this ${word} statement is to run it.`;
  const detail = 'It changes what it changes. "Explain" shows its plan without running it.';
  return (await window.showWarningMessage(message, { modal: true, detail }, profile)) === profile;
}
