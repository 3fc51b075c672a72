import { commands, window } from 'vscode';
import type { ResultsView } from '../results/resultsView.ts';
import { rangeTarget, statementTarget } from '../results/runTarget.ts';
import { runTextTarget } from '../results/runTextTarget.ts';

/** Runs what is selected in the editor, or else the statement at the cursor; in a notebook, the cell. */
export function run(results: ResultsView): () => Promise<void> {
  return async () => {
    const editor = window.activeTextEditor;
    if (editor === undefined) return;
    const { document, selection } = editor;
    if (document.uri.scheme === 'vscode-notebook-cell') {
      await commands.executeCommand('notebook.cell.execute');
      return;
    }
    const text = document.getText();
    const [start, end] = [document.offsetAt(selection.start), document.offsetAt(selection.end)];
    const target = selection.isEmpty ? statementTarget(text, start) : rangeTarget(text, start, end);
    if (target === undefined) void window.showInformationMessage('There is no SQL here to run.');
    else await runTextTarget(results, document, target);
  };
}
