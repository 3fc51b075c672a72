import { type QuickPickItem, window, workspace } from 'vscode';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';
import { settingValue, useDatabase } from '../useDatabase.ts';

interface Choice extends QuickPickItem {
  /** The value for the setting; undefined: the person changed their mind. */
  readonly pick: () => Promise<string | undefined>;
}

const FILTERS = { DuckDB: ['duckdb', 'db', 'ddb'], 'All files': ['*'] };

const CHOICES: readonly Choice[] = [
  { label: '$(folder-opened) Open a Database File…', pick: pickExisting },
  { label: '$(new-file) Create a Database File…', pick: pickNew },
  { label: '$(circuit-board) In Memory', description: 'gone when the server ends', pick: async () => '' },
];

/** Asks for a database, writes it to the settings (the workspace's where there is one), and opens it. */
export function openDatabase(server: ServerProcess): () => Promise<void> {
  return async () => {
    try {
      const choice = await window.showQuickPick(CHOICES, { title: 'Kodiak: Open Database', placeHolder: currentDatabase() });
      const path = await choice?.pick();
      if (path === undefined) return;
      await useDatabase(server, path);
    } catch (error) {
      await showFailure(error);
    }
  };
}

function currentDatabase(): string {
  const path = workspace.getConfiguration('kodiak', workspace.workspaceFolders?.[0]?.uri).get<string>('database.path', '');
  return `Now: ${path === '' ? 'in memory' : path}`;
}

async function pickExisting(): Promise<string | undefined> {
  const files = await window.showOpenDialog({ title: 'Open a DuckDB database', filters: FILTERS, canSelectMany: false });
  return files?.[0] && settingValue(files[0]);
}

async function pickNew(): Promise<string | undefined> {
  const file = await window.showSaveDialog({ title: 'Create a DuckDB database', filters: FILTERS });
  return file && settingValue(file);
}
