import { window } from 'vscode';
import type { ResultsView } from '../results/resultsView.ts';
import { explained, statementTarget } from '../results/runTarget.ts';
import { runTextTarget } from '../results/runTextTarget.ts';

/** Shows the plan of the statement at the cursor, without running it. */
export function explain(results: ResultsView): () => Promise<void> {
  return async () => {
    const editor = window.activeTextEditor;
    if (editor === undefined) return;
    const { document, selection } = editor;
    const target = statementTarget(document.getText(), document.offsetAt(selection.active));
    if (target === undefined) void window.showInformationMessage('There is no statement here to explain.');
    else await runTextTarget(results, document, explained(target));
  };
}
