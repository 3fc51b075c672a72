import { window } from 'vscode';
import type { PeekView } from '../peek/peekView.ts';
import { showFailure } from '../showFailure.ts';

/** Shows the rows of the part of a statement that the cursor is in: a common table expression, a subquery, an item of FROM. */
export function peekResult(view: PeekView): () => Promise<void> {
  return async () => {
    const editor = window.activeTextEditor;
    if (editor === undefined) return;
    try {
      await view.peek(editor);
    } catch (error) {
      await showFailure(error);
    }
  };
}
