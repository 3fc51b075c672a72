import { commands, window } from 'vscode';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import type { CellFreshness } from '../notebook/cellFreshness.ts';
import { codeCells } from '../notebook/cellName.ts';
import { staleCells } from '../notebook/staleCells.ts';

/** Runs the cells of the notebook that is worked in whose outputs are out of date, and no others, as one run. */
export function runStaleCells(freshness: CellFreshness): () => Promise<void> {
  return async () => {
    const notebook = window.activeNotebookEditor?.notebook;
    if (notebook?.notebookType !== NOTEBOOK_TYPE) {
      void window.showInformationMessage('Open a Kodiak notebook: its stale cells can then be run.');
      return;
    }
    const cells = codeCells(notebook);
    const stale = staleCells(freshness.states(notebook)).flatMap((index) => cells[index] ?? []);
    if (stale.length === 0) {
      void window.showInformationMessage('No cell of this notebook is stale: there is nothing to run.');
      return;
    }
    const ranges = stale.map(({ index }) => ({ start: index, end: index + 1 }));
    await commands.executeCommand('notebook.cell.execute', { ranges, document: notebook.uri });
  };
}
