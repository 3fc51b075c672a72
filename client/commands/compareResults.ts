import { type NotebookCell, type QuickPickItem, type Uri, window, workspace } from 'vscode';
import type { ResultOutput } from '../../server/protocol/notebookOutput.ts';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import { formatRows } from '../monitor/statsText.ts';
import { readMarker } from '../notebook/cellMarker.ts';
import { lastResult, type PinnedResults, pinnedText, resultsOf } from '../notebook/pinnedResults.ts';
import { selectedCell } from '../notebook/selectedCell.ts';
import { cellSource } from '../notebook/serializer.ts';
import { type ComparedResult, ComparisonPanel } from '../results/comparisonPanel.ts';
import type { PanelRuns } from '../results/panelRuns.ts';
import type { ResultViews } from '../results/resultViews.ts';
import type { ServerProcess } from '../serverProcess.ts';

export interface CompareParts {
  readonly server: ServerProcess;
  readonly views: ResultViews;
  readonly pins: PinnedResults;
  readonly runs: PanelRuns;
  readonly extensionUri: Uri;
}

interface Candidate extends QuickPickItem {
  readonly result: ComparedResult;
}

/** Asks for two results, of cells or of runs in the panel, and shows in which rows they differ. */
export function compareResults(parts: CompareParts): (given?: unknown) => Promise<void> {
  return async (given) => {
    const candidates = allResults(parts);
    if (candidates.length < 2) {
      void window.showInformationMessage(
        'Two results are needed: run two cells or statements, or pin the result of a cell ("Kodiak: Pin Result") and run it again.',
      );
      return;
    }
    const cell = selectedCell(given);
    const pinnedId = cell && parts.pins.of(cell)?.output.resultId;
    const nowId = cell && lastResult(cell, pinnedId)?.resultId;
    const before = await pick(
      'Compare: which result was before?',
      first(candidates, pinnedId ?? candidates.find(({ result }) => result.resultId !== nowId)?.result.resultId),
    );
    if (before === undefined) return;
    const others = candidates.filter(({ result }) => result.resultId !== before.resultId);
    const now = await pick(`Compare with ${before.label}: which result is now?`, first(others, nowId));
    if (now !== undefined) open(parts, before, now);
  };
}

/** Shows in which rows the newest result of a cell differs from its pinned one. */
export function compareWithPinned(parts: CompareParts): (given?: unknown) => Promise<void> {
  return async (given) => {
    const cell = selectedCell(given);
    const pinned = cell && parts.pins.of(cell);
    const now = cell && lastResult(cell, pinned?.output.resultId);
    if (cell === undefined || pinned === undefined) {
      void window.showInformationMessage('The selected cell has no pinned result: "Kodiak: Pin Result" keeps the one that it shows.');
    } else if (now === undefined || now.resultId === pinned.output.resultId) {
      void window.showInformationMessage('The cell shows only the pinned result: run it again to compare.');
    } else {
      open(parts, pinnedResult(cell, pinned), cellResult(cell, now));
    }
  };
}

function open({ server, views, extensionUri }: CompareParts, before: ComparedResult, now: ComparedResult): void {
  new ComparisonPanel(server, views, extensionUri, before, now);
}

async function pick(title: string, candidates: readonly Candidate[]): Promise<ComparedResult | undefined> {
  const picked = await window.showQuickPick([...candidates], { title, matchOnDescription: true, matchOnDetail: true });
  return picked?.result;
}

/** With the likeliest first. */
function first(candidates: readonly Candidate[], resultId: string | undefined): Candidate[] {
  return [...candidates].sort((a, b) => Number(b.result.resultId === resultId) - Number(a.result.resultId === resultId));
}

function allResults({ pins, runs }: CompareParts): Candidate[] {
  const cells = workspace.notebookDocuments
    .filter(({ notebookType }) => notebookType === NOTEBOOK_TYPE)
    .flatMap((notebook) => notebook.getCells());
  const found = cells.flatMap((cell) => {
    const pinned = pins.of(cell);
    const own = resultsOf(cell)
      .filter(({ resultId }) => resultId !== pinned?.output.resultId)
      .map((output) => candidate('$(notebook)', cellResult(cell, output), `${formatRows(output.rowCount)} · ${fileName(cell)}`));
    if (pinned === undefined) return own;
    return [candidate('$(pinned)', pinnedResult(cell, pinned), `${formatRows(pinned.output.rowCount)} · ${fileName(cell)}`), ...own];
  });
  const inPanel = runs.allRows().map(({ resultId, rowCount, request }) => {
    const result = { resultId, label: request.title, sql: request.target.sql };
    return candidate('$(output)', result, `${formatRows(rowCount)} · ${request.name}`);
  });
  return [...found, ...inPanel];
}

function candidate(icon: string, result: ComparedResult, description: string): Candidate {
  const detail = (result.sql ?? '').replaceAll(/\s+/g, ' ').trim().slice(0, 200);
  return { label: `${icon} ${result.label}`, description, detail, result };
}

function cellResult(cell: NotebookCell, output: ResultOutput): ComparedResult {
  return { resultId: output.resultId, label: `${cellName(cell)}${partOf(output)}`, sql: cell.document.getText() };
}

function pinnedResult(cell: NotebookCell, { output, pinnedAt, sql }: NonNullable<ReturnType<PinnedResults['of']>>): ComparedResult {
  return { resultId: output.resultId, label: `${cellName(cell)}, pinned ${pinnedText(pinnedAt)}${partOf(output)}`, sql };
}

/** A comparison with a result that is not whole finds the rest of it missing. */
function partOf({ truncated, rowCount }: ResultOutput): string {
  return truncated ? ` (only the first ${formatRows(rowCount)})` : '';
}

function cellName(cell: NotebookCell): string {
  const { title } = readMarker(cellSource(cell.metadata));
  return title === '' ? `Cell ${cell.index + 1}` : title;
}

function fileName(cell: NotebookCell): string {
  return cell.notebook.uri.path.split('/').at(-1) ?? '';
}
