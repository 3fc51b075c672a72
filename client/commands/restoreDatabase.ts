import { basename } from 'node:path';
import { window } from 'vscode';
import { restoreDatabase as restoreRequest } from '../../server/protocol/backup.ts';
import { formatCounted, formatRows } from '../monitor/statsText.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';
import { copyWork } from './copyWork.ts';

/** Replaces the contents of the open database by those of a copy that the person chooses. */
export function restoreDatabase(server: ServerProcess, database: () => string): () => Promise<void> {
  return async () => {
    const filters = { 'DuckDB databases': ['duckdb', 'db', 'ddb'], 'All files': ['*'] };
    const [chosen] = (await window.showOpenDialog({ title: 'Restore the Database from a Copy', openLabel: 'Restore', filters })) ?? [];
    if (chosen === undefined) return;
    const path = database();
    const isInMemory = path === '' || path === ':memory:';
    const detail = isInMemory
      ? 'The database is in memory: what is in it now is lost. "Kodiak: Back Up Database…" keeps it.'
      : `What is in it now is kept beside it, in ${basename(path)}.before-restore.`;
    const question = `Replace all contents of the database by those of ${basename(chosen.fsPath)}?`;
    if ((await window.showWarningMessage(question, { modal: true, detail }, 'Restore')) === undefined) return;
    try {
      const summary = await copyWork(server, 'Restoring the database', restoreRequest, { path: chosen.fsPath });
      if (summary === undefined) return;
      const { tables, rows, before } = summary;
      const kept = before === undefined ? '' : ` What was there before is in ${before}.`;
      void window.showInformationMessage(`Kodiak: ${formatCounted(tables, 'table')} with ${formatRows(rows)} were restored.${kept}`);
    } catch (error) {
      await showFailure(error);
    }
  };
}
