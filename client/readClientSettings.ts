import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { workspace } from 'vscode';
import { SETTING_RULES } from '../server/protocol/settings.ts';

/** The `kodiak.*` settings as the server takes them; the database path is made absolute, other values are left for it to judge. */
export function readClientSettings(): Record<string, unknown> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const configuration = workspace.getConfiguration(undefined, folder);
  const settings: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries(SETTING_RULES)) if (!rule.ofClient) settings[rule.field] = configuration.get(name);
  const path = settings['database'];
  if (typeof path === 'string') settings['database'] = absoluteDatabasePath(path, folder?.scheme === 'file' ? folder.fsPath : undefined);
  return settings;
}

/** Empty and `:memory:` stay; `~` is the home folder; a relative path starts at the workspace folder. */
function absoluteDatabasePath(path: string, folder: string | undefined): string {
  const trimmed = path.trim();
  if (trimmed === '' || trimmed === ':memory:' || isAbsolute(trimmed)) return trimmed;
  if (/^~(?:[\\/]|$)/.test(trimmed)) return join(homedir(), trimmed.slice(1));
  return resolve(folder ?? homedir(), trimmed);
}
