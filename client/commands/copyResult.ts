import { commands, env, ProgressLocation, window } from 'vscode';
import { formatBytes, formatCount, formatRows } from '../monitor/statsText.ts';
import { type CollectedRows, collectRows } from '../notebook/collectRows.ts';
import { shownRows } from '../notebook/writeResult.ts';
import type { PanelRuns } from '../results/panelRuns.ts';
import type { ResultViews } from '../results/resultViews.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';
import type { RowFormat } from '../text/rowWriter.ts';
import { resultSource } from './resultSource.ts';

/** More than this is no use in a clipboard, and slow in many of them. */
const MAX_CHARACTERS = 50 * 1024 * 1024;

const FORMATS: readonly { readonly label: string; readonly description: string; readonly format: RowFormat }[] = [
  { label: 'TSV', description: 'tab-separated, for spreadsheets', format: 'tsv' },
  { label: 'CSV', description: 'comma-separated', format: 'csv' },
  { label: 'Markdown', description: 'a table', format: 'markdown' },
  { label: 'JSON', description: 'a list of objects', format: 'json' },
];

/** Copies all rows of a result as text, those that its grid shows where it is sorted, filtered or searched. */
export function copyResult(server: ServerProcess, views: ResultViews, results: PanelRuns): (given?: unknown) => Promise<void> {
  return async (given) => {
    try {
      const source = resultSource(server, results, given);
      const kept = await source?.find();
      if (source === undefined || kept === undefined) {
        void window.showInformationMessage(
          'There is no result here to copy: run a statement that gives rows, or select a cell with a result.',
        );
        return;
      }
      const choice = await window.showQuickPick(FORMATS, { title: 'Copy All Rows', placeHolder: 'Format' });
      if (choice === undefined) return;
      const { resultId } = await shownRows(server, views, kept);
      const options = { location: ProgressLocation.Notification, title: `Copying as ${choice.label}`, cancellable: true };
      const collected = await window.withProgress(options, async (progress, token) => {
        let told = 0;
        const onProgress = (rows: number, rowCount: number) => {
          const percent = rowCount === 0 ? 100 : (rows / rowCount) * 100;
          progress.report({ increment: percent - told, message: `${formatCount(rows)} of ${formatRows(rowCount)}` });
          told = percent;
        };
        const isCancelled = () => token.isCancellationRequested;
        return await collectRows(server, {
          resultId,
          columns: source.columns(),
          format: choice.format,
          maxLength: MAX_CHARACTERS,
          isCancelled,
          onProgress,
        });
      });
      await finish(collected, choice.label, given);
    } catch (error) {
      await showFailure(error);
    }
  };
}

async function finish(collected: CollectedRows, label: string, given: unknown): Promise<void> {
  switch (collected.kind) {
    case 'cancelled':
      window.setStatusBarMessage('$(circle-slash) Nothing was copied', 5000);
      return;
    case 'text':
      await env.clipboard.writeText(collected.text);
      window.setStatusBarMessage(`$(copy) ${formatRows(collected.rows)} copied as ${label}`, 5000);
      return;
    case 'tooLarge': {
      const toFile = 'Export to a File…';
      const { rows, rowCount } = collected;
      const text = `Nothing was copied: of ${formatRows(rowCount)} only the first ${formatCount(rows)} fit into ${formatBytes(MAX_CHARACTERS)} as ${label}.`;
      if ((await window.showWarningMessage(text, toFile)) === toFile) await commands.executeCommand('kodiak.exportResult', given);
    }
  }
}
