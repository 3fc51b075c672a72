import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/**
 * Where this user's state of Kodiak is kept outside of VS Code: `KODIAK_STATE_DIR`, else the system's place for it
 * (`$XDG_STATE_HOME/kodiak` or `~/.local/state/kodiak`, `~/Library/Application Support/Kodiak`, `%LOCALAPPDATA%\Kodiak`).
 */
export function stateFolder(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const chosen = environment['KODIAK_STATE_DIR'];
  if (chosen) return chosen;
  if (platform === 'win32') return win32.join(environment['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local'), 'Kodiak');
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Kodiak');
  const state = environment['XDG_STATE_HOME'];
  // As its specification says, a relative path is to be ignored.
  return posix.join(state && posix.isAbsolute(state) ? state : posix.join(home, '.local', 'state'), 'kodiak');
}
