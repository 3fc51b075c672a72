import { baseFolder, type ExplorerViews } from '../explorer/explorerViews.ts';
import { summarizeSql } from '../explorer/objectSql.ts';

/** Shows statistics of the columns of a table, view or file in the results panel. */
export function summarizeItem(explorer: ExplorerViews): (given?: unknown) => Promise<void> {
  return async (given) => {
    const node = explorer.node(given);
    const sql = node && summarizeSql(node, baseFolder(node));
    if (node !== undefined && sql !== undefined) await explorer.run(sql, node);
  };
}
