import { isAbsolute, relative } from 'node:path';
import { ConfigurationTarget, type QuickPickItem, type Uri, window, workspace } from 'vscode';
import { openDatabase as openDatabaseRequest } from '../../server/protocol/requests.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';

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
      const target = workspace.workspaceFolders === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
      await workspace.getConfiguration('kodiak').update('database.path', path, target);
      await server.applySettings();
      const info = await server.request(openDatabaseRequest, null);
      const what = info.database === ':memory:' ? 'a database in memory' : info.database;
      await window.showInformationMessage(`Kodiak uses ${what}${info.created ? ' (new)' : ''}, DuckDB ${info.duckdbVersion}.`);
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

/** Relative to the workspace folder for a file in it, so that the setting can be shared. */
function settingValue(file: Uri): string {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  if (folder?.scheme !== 'file') return file.fsPath;
  const path = relative(folder.fsPath, file.fsPath);
  return path.startsWith('..') || isAbsolute(path) ? file.fsPath : path;
}
