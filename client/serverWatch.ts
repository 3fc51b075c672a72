import { commands, Disposable, type LogOutputChannel, window, workspace } from 'vscode';
import type { ServerProcess } from './serverProcess.ts';
import { showFailure } from './showFailure.ts';

const SETTINGS_DELAY_MS = 300;

/** Keeps the server in step with the settings, and people with the server. */
export function watchServer(server: ServerProcess, log: LogOutputChannel): Disposable {
  let timer: NodeJS.Timeout | undefined;
  return Disposable.from(
    workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration('kodiak')) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        applySettings(server).catch((error: unknown) => log.error(String(error)));
      }, SETTINGS_DELAY_MS);
    }),
    new Disposable(() => clearTimeout(timer)),
    server.onDidEnd(({ message, restarts }) => {
      if (!restarts) void offerRestart(message);
    }),
  );
}

async function applySettings(server: ServerProcess): Promise<void> {
  try {
    if (!(await server.applySettings())) return;
    void window.showInformationMessage(
      'Kodiak was restarted with the changed settings. Temporary tables and variables of notebooks are gone.',
    );
  } catch (error) {
    await showFailure(error);
  }
}

async function offerRestart(message: string): Promise<void> {
  const restart = 'Restart';
  if ((await window.showErrorMessage(message, restart)) === restart) await commands.executeCommand('kodiak.restartServer');
}
