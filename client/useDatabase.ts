import { isAbsolute, relative } from 'node:path';
import { ConfigurationTarget, type Uri, window, workspace } from 'vscode';
import { openDatabase } from '../server/protocol/requests.ts';
import type { ServerProcess } from './serverProcess.ts';

/** Writes a database to the settings (the workspace's where there is one), opens it, and says so. Empty: in memory. */
export async function useDatabase(server: ServerProcess, path: string): Promise<void> {
  const target = workspace.workspaceFolders === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
  await workspace.getConfiguration('kodiak').update('database.path', path, target);
  await server.applySettings();
  const info = await server.request(openDatabase, null);
  const what = info.database === ':memory:' ? 'a database in memory' : info.database;
  void window.showInformationMessage(`Kodiak uses ${what}${info.created ? ' (new)' : ''}, DuckDB ${info.duckdbVersion}.`);
}

/** Relative to the workspace folder for a file in it, so that the setting can be shared. */
export function settingValue(file: Uri): string {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  if (folder?.scheme !== 'file') return file.fsPath;
  const path = relative(folder.fsPath, file.fsPath);
  return path.startsWith('..') || isAbsolute(path) ? file.fsPath : path;
}
