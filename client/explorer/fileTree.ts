import { resolve } from 'node:path';
import { Disposable, EventEmitter, FileType, type TreeDataProvider, type TreeItem, Uri, workspace } from 'vscode';
import { readFileColumns } from '../../server/protocol/requests.ts';
import { formatBytes, formatCount } from '../monitor/statsText.ts';
import { failureOf, presentError } from '../presentError.ts';
import { readClientSettings } from '../readClientSettings.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { absolutePath, DATA_FILE_GLOB, filePattern, IGNORED_GLOB, isDataFile, isIgnored } from './dataFiles.ts';
import { columnNodes, type ExplorerNode, type FileNode } from './explorerNode.ts';
import { type FileFolder, fileFolders } from './fileFolders.ts';
import { Throttled } from './throttled.ts';
import { treeItem } from './treeItem.ts';

const MAX_FILES = 2000;
const REFRESH_MS = 500;

/** The data files of the workspace folders. Follows what comes and goes once it was looked at. */
export class FileTree implements TreeDataProvider<ExplorerNode> {
  readonly #server: ServerProcess;
  readonly #changed = new EventEmitter<undefined>();
  readonly #refreshing = new Throttled(REFRESH_MS, () => this.refresh());
  readonly #subscriptions: Disposable;
  #watcher: Disposable | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(server: ServerProcess) {
    this.#server = server;
    this.#subscriptions = Disposable.from(
      this.#changed,
      new Disposable(() => this.#refreshing.dispose()),
      new Disposable(() => this.#watcher?.dispose()),
      workspace.onDidChangeWorkspaceFolders(() => this.refresh()),
      workspace.onDidGrantWorkspaceTrust(() => this.refresh()),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('kodiak.database') || change.affectsConfiguration('files.exclude')) this.refresh();
      }),
    );
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  getTreeItem(node: ExplorerNode): TreeItem {
    return treeItem(node);
  }

  async getChildren(node?: ExplorerNode): Promise<ExplorerNode[]> {
    if (!workspace.isTrusted) return [];
    if (node?.kind === 'folder') return folderChildren(node.folder);
    if (node?.kind === 'file') return await this.#columns(node);
    if (node !== undefined) return [];
    this.#watcher ??= this.#watch();
    const found = await workspace.findFiles(DATA_FILE_GLOB, IGNORED_GLOB, MAX_FILES + 1);
    const roots = rootsOf(found.slice(0, MAX_FILES));
    const [only] = roots;
    const nodes =
      roots.length === 1 && only !== undefined ? folderChildren(only) : roots.map((folder) => ({ kind: 'folder', folder }) as const);
    if (found.length <= MAX_FILES) return nodes;
    return [...nodes, { kind: 'note', text: `More than ${formatCount(MAX_FILES)} files: the others are not shown.`, isFailure: false }];
  }

  async resolveTreeItem(item: TreeItem, node: ExplorerNode): Promise<TreeItem> {
    if (node.kind !== 'file') return item;
    const path = absolutePath(node.file);
    const size = await Promise.resolve(workspace.fs.stat(Uri.file(path))).then(
      (stat) => formatBytes(stat.size),
      () => 'is gone',
    );
    item.tooltip = `${typeof item.tooltip === 'string' ? item.tooltip : path}\n${size}`;
    return item;
  }

  async #columns(node: FileNode): Promise<ExplorerNode[]> {
    try {
      const { columns } = await this.#server.request(readFileColumns, { path: filePattern(node.file, undefined) });
      return columnNodes(node, columns);
    } catch (error) {
      return [{ kind: 'note', text: presentError(failureOf(error)).summary, isFailure: true }];
    }
  }

  /** A folder comes and goes as one: its files are not told of. */
  #watch(): Disposable {
    const watcher = workspace.createFileSystemWatcher('**/*', false, true, false);
    return Disposable.from(
      watcher,
      watcher.onDidCreate(async (uri) => {
        if (await isOfInterest(uri)) this.#refreshing.request();
      }),
      watcher.onDidDelete((uri) => {
        const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
        if (isDataFile(workspace.asRelativePath(uri, false)) || !name.includes('.')) this.#refreshing.request();
      }),
    );
  }
}

async function isOfInterest(uri: Uri): Promise<boolean> {
  const path = workspace.asRelativePath(uri, false);
  if (isIgnored(path.split('/').slice(0, -1))) return false;
  if (isDataFile(path)) return true;
  const stat = await Promise.resolve(workspace.fs.stat(uri)).catch(() => undefined);
  return stat?.type === FileType.Directory;
}

/** Workspace folders on this computer that have data files, each as a tree. */
function rootsOf(files: readonly Uri[]): FileFolder[] {
  const roots = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return roots.flatMap(({ uri, name }) => {
    const own = files.filter((file) => workspace.getWorkspaceFolder(file)?.uri.toString() === uri.toString());
    const paths = own.map((file) => workspace.asRelativePath(file, false)).filter(isDataFile);
    const dataFiles = paths.map((path) => ({ folder: uri.fsPath, path }));
    return dataFiles.length === 0 ? [] : [fileFolders(uri.fsPath, name, dataFiles)];
  });
}

function folderChildren({ folders, files }: FileFolder): ExplorerNode[] {
  const database = readClientSettings()['database'];
  const open = typeof database === 'string' && database !== '' ? resolve(database) : undefined;
  return [
    ...folders.map((folder) => ({ kind: 'folder', folder }) as const),
    ...files.map((file) => ({ kind: 'file', file, isOpen: absolutePath(file) === open }) as const),
  ];
}
