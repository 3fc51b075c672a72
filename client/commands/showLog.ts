import type { LogOutputChannel } from 'vscode';

export function showLog(log: LogOutputChannel): () => void {
  return () => log.show(true);
}
