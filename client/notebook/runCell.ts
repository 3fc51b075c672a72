import { commands, type NotebookCell } from 'vscode';

/** Runs a cell as its run button does; does nothing while it runs or waits to run. */
export async function runCell(cell: NotebookCell): Promise<void> {
  const ranges = [{ start: cell.index, end: cell.index + 1 }];
  await commands.executeCommand('notebook.cell.execute', { ranges, document: cell.notebook.uri });
}
