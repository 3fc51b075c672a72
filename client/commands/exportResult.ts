import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { commands, env, type NotebookCell, UIKind, Uri, window, workspace } from 'vscode';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import { readMarker } from '../notebook/cellMarker.ts';
import { EXPORT_FORMATS, type ExportFormat, exportedText, exportName, formatOfFile } from '../notebook/exportFile.ts';
import { runCell } from '../notebook/runCell.ts';
import { cellSource } from '../notebook/serializer.ts';
import { workingFolder } from '../notebook/workingFolder.ts';
import { type FileToWrite, type KeptResult, keptResult, keptRows, shownRows, writeResult } from '../notebook/writeResult.ts';
import { failureOf, presentError } from '../presentError.ts';
import { PanelRuns } from '../results/panelRuns.ts';
import type { ResultViews } from '../results/resultViews.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';

/** A result on the screen: how to get at it, and what its file may be called. */
interface ExportSource {
  readonly name: string;
  /** Where a file dialog starts. */
  readonly folder: string | undefined;
  /** Undefined where nothing gave rows. Rejects when the rows are no longer kept. */
  find(): Promise<KeptResult | undefined>;
  runAgain(): Promise<void>;
}

/**
 * Writes a result to a file that the person names: that of a cell of a menu, of a run of the results panel, of the selected cell of
 * the notebook that is worked in, or else what the results panel shows. Where a grid is sorted, filtered or searched, what it shows.
 */
export function exportResult(server: ServerProcess, views: ResultViews, results: PanelRuns): (given?: unknown) => Promise<void> {
  return async (given) => {
    const runId = runIdOf(given);
    const cell = runId === undefined ? (isCell(given) ? given : selectedCell()) : undefined;
    const source = cell === undefined ? panelSource(server, runsOf(given) ?? results, runId) : cellExport(server, cell);
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

function cellExport(server: ServerProcess, cell: NotebookCell): ExportSource {
  return {
    name: exportName(readMarker(cellSource(cell.metadata)).title, cell.notebook.uri.path),
    folder: workingFolder(cell.notebook),
    find: () => keptResult(server, cell),
    runAgain: () => runCell(cell),
  };
}

function panelSource(server: ServerProcess, results: PanelRuns, runId: string | undefined): ExportSource | undefined {
  const shown = results.rows(runId);
  if (shown === undefined) return undefined;
  const { resultId, request } = shown;
  return {
    name: exportName('', request.name),
    folder: request.cwd,
    find: () => keptRows(server, resultId),
    runAgain: () => results.rerunResult(resultId),
  };
}

function isCell(given: unknown): given is NotebookCell {
  return typeof given === 'object' && given !== null && 'notebook' in given && 'metadata' in given;
}

function runIdOf(given: unknown): string | undefined {
  const isRun = typeof given === 'object' && given !== null && 'runId' in given && typeof given.runId === 'string';
  return isRun ? (given as { runId: string }).runId : undefined;
}

/** The runs of an editor of a data file, which are not the panel's. */
function runsOf(given: unknown): PanelRuns | undefined {
  return typeof given === 'object' && given !== null && 'runs' in given && given.runs instanceof PanelRuns ? given.runs : undefined;
}

function selectedCell(): NotebookCell | undefined {
  const editor = window.activeNotebookEditor;
  if (editor === undefined || editor.notebook.notebookType !== NOTEBOOK_TYPE || editor.notebook.cellCount === 0) return undefined;
  return editor.notebook.cellAt(editor.selection.start);
}

/** Asks for the file, again while it cannot be written and the person names another. */
async function exportKept(server: ServerProcess, source: ExportSource, result: KeptResult): Promise<void> {
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
async function askForFile({ name, folder }: ExportSource, isView: boolean): Promise<FileToWrite | undefined> {
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

async function tellFailure(error: unknown, source: ExportSource): Promise<void> {
  const failure = failureOf(error);
  if (failure.remedy !== 'runAgain') {
    await showFailure(error);
    return;
  }
  const runAgain = 'Run Again';
  if ((await window.showWarningMessage(presentError(failure).text, runAgain)) === runAgain) await source.runAgain();
}
