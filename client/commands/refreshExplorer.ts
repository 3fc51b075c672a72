import type { ExplorerViews } from '../explorer/explorerViews.ts';

/** Reads databases and files again. */
export function refreshExplorer(explorer: ExplorerViews): () => void {
  return () => explorer.refresh();
}
