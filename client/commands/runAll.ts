import { window } from 'vscode';
import type { ResultsView } from '../results/resultsView.ts';
import { rangeTarget } from '../results/runTarget.ts';
import { runTextTarget } from '../results/runTextTarget.ts';

/** Runs all statements of the editor's file in their order, until one fails. */
export function runAll(results: ResultsView): () => Promise<void> {
  return async () => {
    const document = window.activeTextEditor?.document;
    if (document === undefined) return;
    const text = document.getText();
    const target = rangeTarget(text, 0, text.length);
    if (target === undefined) void window.showInformationMessage('There is no SQL here to run.');
    else await runTextTarget(results, document, target);
  };
}
