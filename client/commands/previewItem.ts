import { baseFolder, type ExplorerViews } from '../explorer/explorerViews.ts';
import { previewSql } from '../explorer/objectSql.ts';

/** Shows the first rows of a table, view, column or file in the results panel. */
export function previewItem(explorer: ExplorerViews): (given?: unknown) => Promise<void> {
  return async (given) => {
    const node = explorer.node(given);
    const sql = node && previewSql(node, baseFolder(node));
    if (node !== undefined && sql !== undefined) await explorer.run(sql, node);
  };
}
