import { window } from 'vscode';
import { clearCache as clearCacheRequest } from '../../server/protocol/requests.ts';
import { formatCount } from '../monitor/statsText.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';

export function clearCache(server: ServerProcess): () => Promise<void> {
  return async () => {
    try {
      const { removed } = await server.request(clearCacheRequest, null);
      void window.showInformationMessage(`Kodiak: ${formatCount(removed)} ${removed === 1 ? 'result' : 'results'} removed from the cache.`);
    } catch (error) {
      await showFailure(error);
    }
  };
}
