import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { commands, env, UIKind, Uri, window, workspace } from 'vscode';
import { EXPORT_FORMATS, type ExportFormat, exportedText, formatOfFile } from '../notebook/exportFile.ts';
import { type FileToWrite, type KeptResult, shownRows, writeResult } from '../notebook/writeResult.ts';
import { failureOf, presentError } from '../presentError.ts';
import type { PanelRuns } from '../results/panelRuns.ts';
import type { ResultViews } from '../results/resultViews.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';
import { type ResultSource, resultSource } from './resultSource.ts';

/**
 * Writes a result to a file that the person names: that of a cell of a menu, of a run of the results panel, of the selected cell of
 * the notebook that is worked in, or else what the results panel shows. Where a grid is sorted, filtered or searched, what it shows.
 */
export function exportResult(server: ServerProcess, views: ResultViews, results: PanelRuns): (given?: unknown) => Promise<void> {
  return async (given) => {
    const source = resultSource(server, results, given);
    if (source === undefined) {
      void window.showInformationMessage(
        'There is no result here to export: run a statement that gives rows, or select a cell with a result.',
      );
      return;
    }
    try {
      const result = await source.find();
      if (result === undefined) {
        void window.showInformationMessage('This cell shows no result: run a statement in it that gives rows, then export them.');
        return;
      }
      await exportKept(server, source, await shownRows(server, views, result));
    } catch (error) {
      await tellFailure(error, source);
    }
  };
}

/** Asks for the file, again while it cannot be written and the person names another. */
async function exportKept(server: ServerProcess, source: ResultSource, result: KeptResult): Promise<void> {
  for (;;) {
    const file = await askForFile(source, result.isView === true);
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
async function askForFile({ name, folder }: ResultSource, isView: boolean): Promise<FileToWrite | undefined> {
  const chosen = await window.showSaveDialog({
    title: isView ? 'Export the Rows Shown' : 'Export Result',
    saveLabel: 'Export',
    defaultUri: Uri.file(join(folder ?? homedir(), `${name}.${EXPORT_FORMATS.csv.endings[0]}`)),
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

async function tellFailure(error: unknown, source: ResultSource): Promise<void> {
  const failure = failureOf(error);
  if (failure.remedy !== 'runAgain') {
    await showFailure(error);
    return;
  }
  const runAgain = 'Run Again';
  if ((await window.showWarningMessage(presentError(failure).text, runAgain)) === runAgain) await source.runAgain();
}
