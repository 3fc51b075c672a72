import { window } from 'vscode';
import { freeMemory as freeMemoryRequest } from '../../server/protocol/requests.ts';
import { formatBytes } from '../monitor/statsText.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';

export function freeMemory(server: ServerProcess): () => Promise<void> {
  return async () => {
    try {
      const { freedBytes } = await server.request(freeMemoryRequest, null);
      void window.showInformationMessage(`Kodiak: ${formatBytes(freedBytes)} freed.`);
    } catch (error) {
      await showFailure(error);
    }
  };
}
