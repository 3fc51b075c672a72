import { EventEmitter, MarkdownString, type TreeDataProvider, type TreeItem } from 'vscode';
import { readColumns, readDatabases, readDefinition, readSchema } from '../../server/protocol/requests.ts';
import { failureOf, presentError } from '../presentError.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { columnNodes, databaseNodes, type ExplorerNode, isMacro, OFFERS, objectNodes, schemaNodes } from './explorerNode.ts';
import { treeItem } from './treeItem.ts';

/** A longer CREATE statement is cut in a tooltip. */
const MAX_SQL = 3000;

/** Databases, schemas, what is in them, and columns: each asked of the server when it is opened in the tree. */
export class DatabaseTree implements TreeDataProvider<ExplorerNode> {
  readonly #server: ServerProcess;
  readonly #changed = new EventEmitter<undefined>();
  readonly #told = new EventEmitter<string>();

  readonly onDidChangeTreeData = this.#changed.event;

  /** What is to be said above the tree; empty for nothing. */
  readonly onDidTell = this.#told.event;

  constructor(server: ServerProcess) {
    this.#server = server;
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#changed.dispose();
    this.#told.dispose();
  }

  getTreeItem(node: ExplorerNode): TreeItem {
    return treeItem(node);
  }

  async getChildren(node?: ExplorerNode): Promise<ExplorerNode[]> {
    try {
      return await this.#read(node);
    } catch (error) {
      const { summary, text } = presentError(failureOf(error));
      if (node !== undefined) return [{ kind: 'note', text: summary, isFailure: true }];
      this.#told.fire(text);
      return [OFFERS.tryAgain, OFFERS.openDatabase];
    }
  }

  /** The CREATE statement is asked for when somebody points at a table. */
  async resolveTreeItem(item: TreeItem, node: ExplorerNode): Promise<TreeItem> {
    if (node.kind !== 'object' || isMacro(node)) return item;
    const { database, schema, object } = node;
    const { sql } = await this.#server.request(readDefinition, { database, schema, name: object.name }).catch(() => ({ sql: undefined }));
    if (sql === undefined) return item;
    const tooltip = new MarkdownString().appendText(typeof item.tooltip === 'string' ? item.tooltip : object.name);
    item.tooltip = tooltip.appendCodeblock(sql.length > MAX_SQL ? `${sql.slice(0, MAX_SQL)}…` : sql, 'sql');
    return item;
  }

  async #read(node: ExplorerNode | undefined): Promise<ExplorerNode[]> {
    if (node === undefined) {
      const { databases, notMade } = await this.#server.request(readDatabases, null);
      this.#told.fire(notMade === undefined ? '' : `${notMade} will be made when the first statement runs.`);
      return notMade === undefined ? databaseNodes(databases) : [OFFERS.newNotebook, OFFERS.openDatabase];
    }
    switch (node.kind) {
      case 'database':
        return schemaNodes(node);
      case 'schema': {
        const place = { database: node.database.name, schema: node.schema.name };
        const { objects } = await this.#server.request(readSchema, place);
        return objectNodes(node, objects);
      }
      case 'object': {
        const { database, schema, object } = node;
        const { columns } = await this.#server.request(readColumns, { database, schema, name: object.name });
        return columnNodes(node, columns);
      }
      case 'column':
      case 'folder':
      case 'file':
      case 'note':
      case 'offer':
        return [];
    }
  }
}
