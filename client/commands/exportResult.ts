import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { commands, env, type NotebookCell, UIKind, Uri, window, workspace } from 'vscode';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import { cellTitle } from '../notebook/cellFormat.ts';
import { EXPORT_FORMATS, type ExportFormat, exportedText, exportName, formatOfFile } from '../notebook/exportFile.ts';
import { runCell } from '../notebook/runCell.ts';
import { cellSource } from '../notebook/serializer.ts';
import { workingFolder } from '../notebook/workingFolder.ts';
import { type FileToWrite, type KeptResult, keptResult, writeResult } from '../notebook/writeResult.ts';
import { failureOf, presentError } from '../presentError.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';

/** Writes the result of a cell to a file that the person names: of the cell of a menu, or of the one that is selected. */
export function exportResult(server: ServerProcess): (cell?: NotebookCell) => Promise<void> {
  return async (given) => {
    const cell = given ?? selectedCell();
    if (cell === undefined) {
      void window.showInformationMessage('Select a cell of a Kodiak notebook: its result is what is exported.');
      return;
    }
    try {
      const result = await keptResult(server, cell);
      if (result === undefined) {
        void window.showInformationMessage('This cell shows no result: run a statement in it that gives rows, then export them.');
        return;
      }
      await exportKept(server, cell, result);
    } catch (error) {
      await tellFailure(error, cell);
    }
  };
}

function selectedCell(): NotebookCell | undefined {
  const editor = window.activeNotebookEditor;
  if (editor === undefined || editor.notebook.notebookType !== NOTEBOOK_TYPE || editor.notebook.cellCount === 0) return undefined;
  return editor.notebook.cellAt(editor.selection.start);
}

/** Asks for the file, again while it cannot be written and the person names another. */
async function exportKept(server: ServerProcess, cell: NotebookCell, result: KeptResult): Promise<void> {
  for (;;) {
    const file = await askForFile(cell);
    if (file === undefined) return;
    try {
      const { rows, bytes } = await writeResult(server, result, file);
      void tellExported(file.path, exportedText(rows, bytes, basename(file.path)));
      return;
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === 'cancelled') {
        window.setStatusBarMessage('$(circle-slash) Export cancelled: no file was written', 5000);
        return;
      }
      if (failure.code !== 'unavailable' || failure.remedy !== undefined) throw error;
      const another = 'Choose Another File…';
      if ((await window.showErrorMessage(presentError(failure).text, another)) !== another) return;
    }
  }
}

/** Only a file that was there when the dialog closed was the dialog's to confirm: any other is not overwritten. */
async function askForFile(cell: NotebookCell): Promise<FileToWrite | undefined> {
  const source = cellSource(cell.metadata);
  const name = exportName(source === undefined ? '' : cellTitle(source), cell.notebook.uri.path);
  const chosen = await window.showSaveDialog({
    title: 'Export Result',
    saveLabel: 'Export',
    defaultUri: Uri.file(join(workingFolder(cell.notebook) ?? homedir(), `${name}.${EXPORT_FORMATS.csv.endings[0]}`)),
    filters: Object.fromEntries(Object.values(EXPORT_FORMATS).map(({ label, endings }) => [label, [...endings]])),
  });
  if (chosen === undefined) return undefined;
  if (chosen.scheme !== 'file') {
    void window.showErrorMessage(`A result can only be exported to a file on a disk, not to ${chosen.scheme}.`);
    return undefined;
  }
  const format = formatOfFile(chosen.fsPath) ?? (await askForFormat(chosen.fsPath));
  if (format === undefined) return undefined;
  const path = extname(chosen.fsPath) === '' ? `${chosen.fsPath}.${EXPORT_FORMATS[format].endings[0]}` : chosen.fsPath;
  return { path, format, overwrite: path === chosen.fsPath && existsSync(path) };
}

async function askForFormat(path: string): Promise<ExportFormat | undefined> {
  const choices = (Object.keys(EXPORT_FORMATS) as ExportFormat[]).map((format) => ({ label: EXPORT_FORMATS[format].label, format }));
  return (await window.showQuickPick(choices, { title: `Write ${basename(path)} as`, placeHolder: 'Format' }))?.format;
}

async function tellExported(path: string, text: string): Promise<void> {
  const [open, reveal] = ['Open', 'Reveal'];
  const file = Uri.file(path);
  const revealCommand = revealCommandFor(file);
  try {
    const choice = await window.showInformationMessage(`Kodiak: ${text}`, ...(revealCommand === undefined ? [open] : [open, reveal]));
    if (choice === open) await commands.executeCommand('vscode.open', file);
    if (choice === reveal && revealCommand !== undefined) await commands.executeCommand(revealCommand, file);
  } catch (error) {
    await showFailure(error);
  }
}

/** The explorer shows what is in the workspace; what is not, the system's file manager, where it is on the machine of the window. */
function revealCommandFor(file: Uri): string | undefined {
  if (workspace.getWorkspaceFolder(file) !== undefined) return 'revealInExplorer';
  return env.uiKind === UIKind.Web || env.remoteName !== undefined ? undefined : 'revealFileInOS';
}

async function tellFailure(error: unknown, cell: NotebookCell): Promise<void> {
  const failure = failureOf(error);
  if (failure.remedy !== 'runAgain') {
    await showFailure(error);
    return;
  }
  const runAgain = 'Run Again';
  if ((await window.showWarningMessage(presentError(failure).text, runAgain)) === runAgain) await runCell(cell);
}
