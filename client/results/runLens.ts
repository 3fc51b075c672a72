import { Position, type TextDocument, Uri, window, workspace } from 'vscode';
import type { CommandHandler } from '../languageClient.ts';
import type { ResultsView } from './resultsView.ts';
import { statementTarget } from './runTarget.ts';
import { runTextTarget } from './runTextTarget.ts';

/** Does what a code lens above a statement asks for: its rows in the results panel, or its plan. Arguments: `{ uri, start }`. */
export function runLens(results: ResultsView, plan: boolean): CommandHandler {
  return async (argument) => {
    const { uri, start } = (typeof argument === 'object' && argument !== null ? argument : {}) as { uri?: unknown; start?: unknown };
    const document = typeof uri === 'string' ? await workspace.openTextDocument(Uri.parse(uri)) : undefined;
    const target = document && statementTarget(document.getText(), offsetOf(document, start));
    if (document === undefined || target === undefined) {
      void window.showInformationMessage('There is no statement there any more.');
      return;
    }
    await runTextTarget(results, document, plan ? { ...target, plan: 'explain' } : target);
  };
}

function offsetOf(document: TextDocument, position: unknown): number {
  const { line, character } = (typeof position === 'object' && position !== null ? position : {}) as {
    line?: unknown;
    character?: unknown;
  };
  return document.offsetAt(new Position(Number(line) || 0, Number(character) || 0));
}
