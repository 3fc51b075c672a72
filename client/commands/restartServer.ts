import { ProgressLocation, window } from 'vscode';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';

export function restartServer(server: ServerProcess): () => Promise<void> {
  return async () => {
    try {
      const options = { location: ProgressLocation.Window, title: 'Kodiak: restarting the server' };
      const { losses } = server;
      await window.withProgress(options, () => server.restart());
      void window.showInformationMessage(`The Kodiak server was restarted. ${losses}`);
    } catch (error) {
      await showFailure(error);
    }
  };
}
