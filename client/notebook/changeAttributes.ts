import { type NotebookCell, NotebookCellKind, NotebookEdit, WorkspaceEdit, workspace } from 'vscode';
import type { CellSource } from './cellFormat.ts';
import { withAttributes } from './cellMarker.ts';
import { cellSource, fileStyle, withSource } from './serializer.ts';

/** Writes attributes into a cell's marker line; `undefined` removes one. The notebook is then dirty, and undo takes it back. */
export async function changeAttributes(cell: NotebookCell, changes: Readonly<Record<string, string | undefined>>): Promise<void> {
  const { eol } = fileStyle(cell.notebook.metadata);
  const source = withAttributes(cellSource(cell.metadata) ?? newSource(cell, eol), changes, eol);
  const edit = new WorkspaceEdit();
  edit.set(cell.notebook.uri, [NotebookEdit.updateCellMetadata(cell.index, withSource(cell.metadata, source))]);
  await workspace.applyEdit(edit);
}

/** Of a cell that is not in the file yet. Its text is written when the notebook is saved. */
function newSource(cell: NotebookCell, eol: string): CellSource {
  return { kind: cell.kind === NotebookCellKind.Markup ? 'markup' : 'code', head: `-- %%${eol}`, body: '', tail: eol + eol };
}
