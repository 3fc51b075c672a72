import {
  FileType,
  type NotebookCell,
  NotebookCellOutput,
  NotebookCellOutputItem,
  type NotebookDocument,
  Uri,
  window,
  workspace,
} from 'vscode';
import { SAVED_MIME, type SavedOutput } from '../../server/protocol/savedOutput.ts';
import { fileCells } from '../exchange/importedCells.ts';
import { type ImportedNotebook, ImportProblem } from '../exchange/importedNotebook.ts';
import { checkSize, importNotebook as convert, IMPORTED_ENDINGS, withNotes } from '../exchange/importNotebook.ts';
import { savedPlainText } from '../exchange/savedPlainText.ts';
import { newFileStyle, writeNotebook } from '../notebook/cellFormat.ts';
import type { SqlController } from '../notebook/controller.ts';
import { showFailure } from '../showFailure.ts';

/**
 * Converts a notebook of another program, of a menu or one that the person chooses, to a Kodiak notebook beside it, and opens it with
 * the results that the file had stored. No file is overwritten.
 */
export function importNotebook(controller: SqlController): (given?: unknown) => Promise<void> {
  return async (given) => {
    const source = given instanceof Uri ? given : await askForNotebook();
    if (source === undefined) return;
    const name = baseName(source);
    try {
      checkSize((await workspace.fs.stat(source)).size);
      const imported = convert(await workspace.fs.readFile(source), name);
      const cells = withNotes(imported, name);
      const file = await freeName(source);
      await workspace.fs.writeFile(file, new TextEncoder().encode(writeNotebook({ ...newFileStyle, cells: fileCells(cells) })));
      const editor = await window.showNotebookDocument(await workspace.openNotebookDocument(file));
      await controller.showOutputs(editor, savedOutputs(editor.notebook, cells));
      void window.showInformationMessage(importedText(imported, name, baseName(file)));
    } catch (error) {
      if (error instanceof ImportProblem) void window.showErrorMessage(`${name} was not imported. ${error.message}`);
      else
        await showFailure({
          code: 'unavailable',
          message: `${name} was not imported: ${error instanceof Error ? error.message : String(error)}`,
        });
    }
  };
}

async function askForNotebook(): Promise<Uri | undefined> {
  const chosen = await window.showOpenDialog({
    title: 'Import a Notebook of Azure Data Studio, Jupyter or Polyglot',
    openLabel: 'Import',
    filters: { Notebooks: [...IMPORTED_ENDINGS] },
  });
  return chosen?.[0];
}

/** `sales.kodiak.sql` beside `sales.ipynb`, or `sales 2.kodiak.sql`. */
async function freeName(source: Uri): Promise<Uri> {
  const stem = baseName(source).replace(/\.[^.]+$/, '');
  for (let number = 1; ; number++) {
    const file = Uri.joinPath(source, '..', `${stem}${number === 1 ? '' : ` ${number}`}.kodiak.sql`);
    const there = await Promise.resolve(workspace.fs.stat(file)).catch(() => undefined);
    if (there === undefined || there.type === FileType.Unknown) return file;
  }
}

function savedOutputs(notebook: NotebookDocument, cells: ImportedNotebook['cells']): Map<NotebookCell, NotebookCellOutput[]> {
  const found = new Map<NotebookCell, NotebookCellOutput[]>();
  for (const [index, { outputs }] of cells.entries()) {
    if (outputs.length > 0 && index < notebook.cellCount) found.set(notebook.cellAt(index), outputs.map(toOutput));
  }
  return found;
}

function toOutput(saved: SavedOutput): NotebookCellOutput {
  return new NotebookCellOutput([
    NotebookCellOutputItem.text(JSON.stringify(saved), SAVED_MIME),
    NotebookCellOutputItem.text(savedPlainText(saved), 'text/plain'),
  ]);
}

function importedText({ cells, producer }: ImportedNotebook, from: string, to: string): string {
  return `${cells.length === 1 ? '1 cell' : `${cells.length} cells`} of ${from} (${producer}) ${cells.length === 1 ? 'is' : 'are'} in ${to}.`;
}

function baseName(uri: Uri): string {
  return uri.path.split('/').at(-1) ?? '';
}
