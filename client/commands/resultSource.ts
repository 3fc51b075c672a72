import { type NotebookCell, window } from 'vscode';
import { RESULT_MIME, type ResultOutput } from '../../server/protocol/notebookOutput.ts';
import type { WireColumn } from '../../server/protocol/values.ts';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import { readMarker } from '../notebook/cellMarker.ts';
import { exportName } from '../notebook/exportFile.ts';
import { runCell } from '../notebook/runCell.ts';
import { cellSource } from '../notebook/serializer.ts';
import { workingFolder } from '../notebook/workingFolder.ts';
import { type KeptResult, keptResult, keptRows } from '../notebook/writeResult.ts';
import { PanelRuns } from '../results/panelRuns.ts';
import type { ServerProcess } from '../serverProcess.ts';

/** A result on the screen: how to get at it, and what its file may be called. */
export interface ResultSource {
  readonly name: string;
  /** Where a file dialog starts. */
  readonly folder: string | undefined;
  /** Undefined where nothing gave rows. Rejects when the rows are no longer kept. */
  find(): Promise<KeptResult | undefined>;
  columns(): readonly WireColumn[];
  runAgain(): Promise<void>;
}

/**
 * The result that a command is about: of the cell or the run that it was given, of the selected cell of the notebook that is worked
 * in, or else what the results panel shows. Undefined where there is none.
 */
export function resultSource(server: ServerProcess, results: PanelRuns, given: unknown): ResultSource | undefined {
  const runId = runIdOf(given);
  const cell = runId === undefined ? (isCell(given) ? given : selectedCell()) : undefined;
  return cell === undefined ? panelSource(server, runsOf(given) ?? results, runId) : cellExport(server, cell);
}

function cellExport(server: ServerProcess, cell: NotebookCell): ResultSource {
  return {
    name: exportName(readMarker(cellSource(cell.metadata)).title, cell.notebook.uri.path),
    folder: workingFolder(cell.notebook),
    find: () => keptResult(server, cell),
    columns: () => cellColumns(cell),
    runAgain: () => runCell(cell),
  };
}

function panelSource(server: ServerProcess, results: PanelRuns, runId: string | undefined): ResultSource | undefined {
  const shown = results.rows(runId);
  if (shown === undefined) return undefined;
  const { resultId, columns, request } = shown;
  return {
    name: exportName('', request.name),
    folder: request.cwd,
    find: () => keptRows(server, resultId),
    columns: () => columns,
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

/** Of the result that was shown last. */
function cellColumns({ outputs }: NotebookCell): readonly WireColumn[] {
  const items = outputs.flatMap((output) => output.items).filter(({ mime }) => mime === RESULT_MIME);
  const last = items.at(-1);
  return last === undefined ? [] : (JSON.parse(new TextDecoder().decode(last.data)) as ResultOutput).columns;
}
