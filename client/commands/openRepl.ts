import { join } from 'node:path';
import { type Disposable, type TerminalOptions, TerminalProfile, ThemeIcon, window, workspace } from 'vscode';
import { readSocket } from '../../server/protocol/requests.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';

/** Opens a terminal whose REPL works on the same database as the notebooks. */
export function openRepl(server: ServerProcess, extensionPath: string): () => Promise<void> {
  return async () => {
    try {
      window.createTerminal(await replTerminal(server, extensionPath)).show();
    } catch (error) {
      await showFailure(error);
    }
  };
}

/** The same terminal, for the terminal view's list of profiles. */
export function registerReplProfile(server: ServerProcess, extensionPath: string): Disposable {
  return window.registerTerminalProfileProvider('kodiak.repl', {
    provideTerminalProfile: async () => new TerminalProfile(await replTerminal(server, extensionPath)),
  });
}

async function replTerminal(server: ServerProcess, extensionPath: string): Promise<TerminalOptions> {
  const { socketFile, tokenFile } = await server.request(readSocket, null);
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const safety = workspace.isTrusted ? [] : ['--safe'];
  return {
    name: 'Kodiak',
    iconPath: new ThemeIcon('database'),
    shellPath: process.execPath,
    shellArgs: [join(extensionPath, 'dist', 'client', 'terminal', 'main.js'), '--attach', socketFile, '--token-file', tokenFile, ...safety],
    env: process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' },
    ...(folder?.scheme === 'file' && { cwd: folder }),
  };
}
