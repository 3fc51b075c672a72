import { NotebookCellData, NotebookCellKind } from 'vscode';
import { type ExplorerViews, workspaceFolder } from '../explorer/explorerViews.ts';
import { firstCells } from '../explorer/firstCells.ts';
import { openUntitledNotebook } from '../notebook/untitledNotebook.ts';

/** Opens a notebook that asks for the first rows and the statistics of a thing. */
export function newNotebookFromItem(explorer: ExplorerViews): (given?: unknown) => Promise<void> {
  return async (given) => {
    const node = explorer.node(given);
    const cells = node === undefined ? [] : firstCells(node, workspaceFolder());
    if (cells.length === 0) return;
    await openUntitledNotebook(
      cells.map(({ kind, text }) =>
        kind === 'markup'
          ? new NotebookCellData(NotebookCellKind.Markup, text, 'markdown')
          : new NotebookCellData(NotebookCellKind.Code, text, 'sql'),
      ),
    );
  };
}
