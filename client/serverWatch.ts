import { commands, Disposable, type LogOutputChannel, window, workspace } from 'vscode';
import { keepingStopped, readStats } from '../server/protocol/requests.ts';
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
    server.onNotification(keepingStopped, ({ message }) => void window.showWarningMessage(`Kodiak: ${message}`)),
    server.onDidEnd(({ message, restarts }) => {
      if (restarts) void window.showWarningMessage(message);
      else void offerRestart(message);
    }),
  );
}

async function applySettings(server: ServerProcess): Promise<void> {
  try {
    if (!server.settingsChanged || ((await holdsTables(server)) && !(await confirmRestart(server)))) return;
    const { losses } = server;
    if (!(await server.applySettings())) return;
    void window.showInformationMessage(`Kodiak was restarted with the changed settings. ${losses}`);
  } catch (error) {
    await showFailure(error);
  }
}

/** Whether statements ran in a database that lives in memory only. A server that is gone has none. */
async function holdsTables(server: ServerProcess): Promise<boolean> {
  const stats = await server.request(readStats, null).catch(() => undefined);
  return stats?.database === ':memory:' && stats.parallel.completed + stats.parallel.running > 0;
}

async function confirmRestart(server: ServerProcess): Promise<boolean> {
  const restart = 'Restart Now';
  const message = 'The changed Kodiak settings need a restart of its server. The tables of the database in memory would be gone.';
  return (await window.showWarningMessage(message, restart, 'Later')) === restart && server.settingsChanged;
}

async function offerRestart(message: string): Promise<void> {
  const restart = 'Restart';
  if ((await window.showErrorMessage(message, restart)) === restart) await commands.executeCommand('kodiak.restartServer');
}
