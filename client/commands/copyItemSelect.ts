import { env } from 'vscode';
import { readColumns, readFileColumns } from '../../server/protocol/requests.ts';
import { filePattern } from '../explorer/dataFiles.ts';
import { type ExplorerNode, isMacro } from '../explorer/explorerNode.ts';
import { type ExplorerViews, workspaceFolder } from '../explorer/explorerViews.ts';
import { selectSql } from '../explorer/objectSql.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';

/** Copies a query for all rows and columns. */
export function copyItemSelect(server: ServerProcess, explorer: ExplorerViews): (given?: unknown) => Promise<void> {
  return async (given) => {
    const node = explorer.node(given);
    if (node === undefined) return;
    try {
      const sql = selectSql(node, workspaceFolder(), await columnsOf(server, node));
      if (sql !== undefined) await env.clipboard.writeText(sql);
    } catch (error) {
      await showFailure(error);
    }
  };
}

async function columnsOf(server: ServerProcess, node: ExplorerNode) {
  if (node.kind === 'file') return (await server.request(readFileColumns, { path: filePattern(node.file, undefined) })).columns;
  if (node.kind !== 'object' || isMacro(node)) return [];
  const { database, schema, object } = node;
  return (await server.request(readColumns, { database, schema, name: object.name })).columns;
}
