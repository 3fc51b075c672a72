import { type CancellationToken, type DataTransfer, DataTransferItem, Disposable, type TreeView, window, workspace } from 'vscode';
import { catalogChanged, engineState } from '../../server/protocol/requests.ts';
import { workingFolder } from '../notebook/workingFolder.ts';
import type { ResultsView } from '../results/resultsView.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { DatabaseTree } from './databaseTree.ts';
import type { ExplorerNode } from './explorerNode.ts';
import { FileTree } from './fileTree.ts';
import { nodesSql } from './objectSql.ts';
import { QueryDocument } from './queryDocument.ts';
import { Throttled } from './throttled.ts';

/** Ids of the views in package.json. */
const DATABASES_VIEW = 'kodiak.databases';
const FILES_VIEW = 'kodiak.files';
/** Of documents with what the views ran. */
const QUERY_SCHEME = 'kodiak-explorer';
/** Scripts may follow each other quickly. */
const REFRESH_MS = 300;

/** The two views of the explorer, and what its commands need of them. */
export class ExplorerViews implements Disposable {
  readonly #results: ResultsView;
  readonly #databases: DatabaseTree;
  readonly #files: FileTree;
  readonly #queries = new QueryDocument(QUERY_SCHEME, 'Explorer');
  readonly #views: readonly TreeView<ExplorerNode>[];
  readonly #subscriptions: Disposable;
  #selected: readonly ExplorerNode[] = [];

  constructor(server: ServerProcess, results: ResultsView) {
    this.#results = results;
    this.#databases = new DatabaseTree(server);
    this.#files = new FileTree(server);
    const refreshing = new Throttled(REFRESH_MS, () => this.#databases.refresh());
    const databases = window.createTreeView(DATABASES_VIEW, this.#options(this.#databases));
    this.#views = [databases, window.createTreeView(FILES_VIEW, this.#options(this.#files))];
    this.#subscriptions = Disposable.from(
      ...this.#views,
      ...this.#views.map((view) =>
        view.onDidChangeSelection(({ selection }) => {
          this.#selected = selection;
        }),
      ),
      this.#databases,
      this.#files,
      this.#queries,
      new Disposable(() => refreshing.dispose()),
      this.#databases.onDidTell((text) => {
        databases.message = text;
      }),
      server.onNotification(catalogChanged, () => refreshing.request()),
      server.onNotification(engineState, ({ state }) => {
        if (state === 'open') refreshing.request();
      }),
      server.onDidEnd(() => refreshing.request()),
      server.onDidReplace(() => refreshing.request()),
      workspace.registerTextDocumentContentProvider(QUERY_SCHEME, this.#queries),
    );
  }

  refresh(): void {
    this.#databases.refresh();
    this.#files.refresh();
  }

  /** The node that a menu or a click gave, else the first of those that are selected. */
  node(given: unknown): ExplorerNode | undefined {
    return isNode(given) ? given : this.#selected[0];
  }

  /** All that a menu's command is for: the selected nodes if the given one is among them. */
  nodes(given: unknown, all: unknown): readonly ExplorerNode[] {
    if (Array.isArray(all) && all.length > 0) return all.filter(isNode);
    return isNode(given) ? [given] : this.#selected;
  }

  /** Runs a statement and shows what comes of it in the results panel. */
  async run(sql: string, node: ExplorerNode): Promise<void> {
    await Promise.all([this.#results.runs.run(this.#queries.request(sql, baseFolder(node))), this.#results.reveal()]);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #options(treeDataProvider: DatabaseTree | FileTree) {
    return {
      treeDataProvider,
      showCollapseAll: true,
      canSelectMany: true,
      dragAndDropController: {
        dragMimeTypes: ['text/plain'],
        dropMimeTypes: [],
        handleDrag: (nodes: readonly ExplorerNode[], data: DataTransfer, _token: CancellationToken) => {
          const text = nodesSql(nodes, editedFolder() ?? workspaceFolder());
          if (text !== '') data.set('text/plain', new DataTransferItem(text));
        },
      },
    };
  }
}

/** Where relative paths start in what is run for a node: the workspace folder of a file, the first one for all else. */
export function baseFolder(node: ExplorerNode): string | undefined {
  return node.kind === 'file' ? node.file.folder : workspaceFolder();
}

/** The folder of the SQL that is worked on; undefined when there is none. */
export function editedFolder(): string | undefined {
  const notebook = window.activeNotebookEditor?.notebook;
  if (notebook !== undefined) return workingFolder(notebook);
  const document = window.activeTextEditor?.document;
  return document?.languageId === 'sql' ? workingFolder(document) : undefined;
}

export function workspaceFolder(): string | undefined {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return folder?.scheme === 'file' ? folder.fsPath : undefined;
}

function isNode(given: unknown): given is ExplorerNode {
  return typeof given === 'object' && given !== null && 'kind' in given && typeof given.kind === 'string';
}
