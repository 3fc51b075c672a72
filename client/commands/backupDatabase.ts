import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Uri, window } from 'vscode';
import { backupDatabase as backupRequest } from '../../server/protocol/backup.ts';
import { formatBytes, formatCounted, formatRows } from '../monitor/statsText.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';
import { copyWork } from './copyWork.ts';

/** Copies the open database into a file that the person names, while it is in use. */
export function backupDatabase(server: ServerProcess, database: () => string): () => Promise<void> {
  return async () => {
    const path = database();
    const isFile = path !== '' && path !== ':memory:';
    const chosen = await window.showSaveDialog({
      title: 'Back Up the Database',
      saveLabel: 'Back Up',
      defaultUri: Uri.file(isFile ? path.replace(/(\.[^./\\]*)?$/, '-backup$1') : join(homedir(), 'backup.duckdb')),
      filters: { 'DuckDB databases': ['duckdb', 'db', 'ddb'] },
    });
    if (chosen === undefined) return;
    try {
      // The dialog has asked whether a file that is there is to be replaced.
      const params = { path: chosen.fsPath, overwrite: existsSync(chosen.fsPath) };
      const summary = await copyWork(server, 'Backing up the database', backupRequest, params);
      if (summary === undefined) return;
      const { tables, rows, bytes } = summary;
      void window.showInformationMessage(
        `Kodiak: ${formatCounted(tables, 'table')} with ${formatRows(rows)} (${formatBytes(bytes)}) are in ${chosen.fsPath}, compared with the database.`,
      );
    } catch (error) {
      await showFailure(error);
    }
  };
}
