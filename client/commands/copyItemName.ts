import { env } from 'vscode';
import { type ExplorerViews, workspaceFolder } from '../explorer/explorerViews.ts';
import { nodesSql } from '../explorer/objectSql.ts';

/** Copies names as SQL finds them, paths as strings relative to the workspace folder. */
export function copyItemName(explorer: ExplorerViews): (given?: unknown, all?: unknown) => Promise<void> {
  return async (given, all) => {
    const text = nodesSql(explorer.nodes(given, all), workspaceFolder());
    if (text !== '') await env.clipboard.writeText(text);
  };
}
