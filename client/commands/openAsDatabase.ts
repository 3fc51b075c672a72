import { Uri } from 'vscode';
import { absolutePath } from '../explorer/dataFiles.ts';
import type { ExplorerViews } from '../explorer/explorerViews.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';
import { settingValue, useDatabase } from '../useDatabase.ts';

/** Makes a database file of the workspace the one that notebooks, the REPL and SQL files use. */
export function openAsDatabase(server: ServerProcess, explorer: ExplorerViews): (given?: unknown) => Promise<void> {
  return async (given) => {
    const node = explorer.node(given);
    if (node?.kind !== 'file') return;
    try {
      await useDatabase(server, settingValue(Uri.file(absolutePath(node.file))));
    } catch (error) {
      await showFailure(error);
    }
  };
}
