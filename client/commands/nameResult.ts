import { type NotebookCell, NotebookCellKind, window } from 'vscode';
import { nameProblem } from '../../engine/sql/resultName.ts';
import { readMarker } from '../notebook/cellMarker.ts';
import { changeAttributes } from '../notebook/changeAttributes.ts';
import { NAME_ATTRIBUTE } from '../notebook/namedCells.ts';
import { cellSource } from '../notebook/serializer.ts';

/** Gives the result of the selected cell a name, under which other cells read it; an empty one takes the name away. */
export async function nameResult(given?: NotebookCell): Promise<void> {
  const editor = window.activeNotebookEditor;
  const cell =
    given ?? (editor && editor.selection.start < editor.notebook.cellCount ? editor.notebook.cellAt(editor.selection.start) : undefined);
  if (cell === undefined || cell.kind !== NotebookCellKind.Code) {
    void window.showInformationMessage('Select the SQL cell of a Kodiak notebook whose result is to have a name.');
    return;
  }
  const value = readMarker(cellSource(cell.metadata)).attributes.get(NAME_ATTRIBUTE) ?? '';
  const name = await window.showInputBox({
    title: 'Name of the result',
    prompt: 'Cells below read the rows as FROM and this name, without computing them again. Leave it empty for no name.',
    value,
    validateInput: (text) => {
      const problem = text === '' ? undefined : nameProblem(text);
      return problem && `This cannot be a name: ${problem}.`;
    },
  });
  if (name !== undefined && name !== value) await changeAttributes(cell, { [NAME_ATTRIBUTE]: name === '' ? undefined : name });
}
