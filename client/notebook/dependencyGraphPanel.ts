import { basename } from 'node:path';
import {
  Disposable,
  type NotebookDocument,
  NotebookEditorRevealType,
  NotebookRange,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
  workspace,
} from 'vscode';
import type { GraphPageMessage, GraphPageRequest } from '../../server/protocol/graphPage.ts';
import { type ReadGraphResult, readGraph } from '../../server/protocol/requests.ts';
import { pageHtml } from '../results/pageHtml.ts';
import type { ServerProcess } from '../serverProcess.ts';
import type { CellFreshness } from './cellFreshness.ts';
import { codeCells } from './cellName.ts';
import { graphCell, pictureCells, pictureEdges } from './graphPicture.ts';
import { resultNameOf } from './namedCells.ts';

const NO_GRAPH: ReadGraphResult = { edges: [], flows: [], needs: [] };
/** Typing and runs come in crowds. */
const GATHER_MS = 150;

/** The dependency graph of one notebook, in an editor beside it. It follows the notebook until it is closed. */
export class DependencyGraphPanel implements Disposable {
  readonly notebook: NotebookDocument;
  readonly #server: ServerProcess;
  readonly #freshness: CellFreshness;
  readonly #panel: WebviewPanel;
  readonly #subscriptions: Disposable;
  #graph = NO_GRAPH;
  /** What the graph was asked for. */
  #asked = '';
  #gathering: NodeJS.Timeout | undefined;

  constructor(server: ServerProcess, freshness: CellFreshness, extensionUri: Uri, notebook: NotebookDocument, onClosed: () => void) {
    this.#server = server;
    this.#freshness = freshness;
    this.notebook = notebook;
    const folder = Uri.joinPath(extensionUri, 'dist', 'client', 'renderer');
    const name = basename(notebook.uri.path);
    this.#panel = window.createWebviewPanel(
      'kodiak.dependencyGraph',
      `Dependencies of ${name}`,
      { viewColumn: ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: [folder] },
    );
    this.#subscriptions = Disposable.from(
      freshness.follow(notebook),
      freshness.onDidChange(() => this.#gather()),
      workspace.onDidChangeTextDocument(({ document }) => {
        if (notebook.getCells().some((cell) => cell.document === document)) this.#gather();
      }),
      workspace.onDidCloseNotebookDocument((closed) => closed === notebook && this.#panel.dispose()),
      this.#panel.webview.onDidReceiveMessage((request: GraphPageRequest) => this.#receive(request)),
      this.#panel.onDidDispose(() => {
        clearTimeout(this.#gathering);
        this.#subscriptions.dispose();
        onClosed();
      }),
    );
    this.#panel.webview.html = pageHtml(this.#panel.webview, Uri.joinPath(folder, 'graph', 'main.js'), 'Kodiak Dependencies');
  }

  reveal(): void {
    this.#panel.reveal(undefined, true);
  }

  dispose(): void {
    this.#panel.dispose();
  }

  #receive(request: GraphPageRequest): void {
    if (request.type === 'ready') this.#gather();
    else this.#open(request.cell);
  }

  #open(index: number): void {
    const cell = codeCells(this.notebook)[index];
    if (!cell) return;
    const range = new NotebookRange(cell.index, cell.index + 1);
    const shown = window.visibleNotebookEditors.find(({ notebook }) => notebook === this.notebook);
    const viewColumn = shown?.viewColumn;
    window.showNotebookDocument(this.notebook, { selections: [range], ...(viewColumn !== undefined && { viewColumn }) }).then((editor) => {
      editor.revealRange(range, NotebookEditorRevealType.InCenterIfOutsideViewport);
    });
  }

  #gather(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      void this.#update();
    }, GATHER_MS);
  }

  /** States come at once; the lines follow when a text or a run is another one. */
  async #update(): Promise<void> {
    this.#show();
    const cells = codeCells(this.notebook).map((cell) => {
      const named = resultNameOf(cell);
      return graphCell(this.#freshness.watched(cell), named && named.problem === undefined ? named.name : undefined);
    });
    const asked = JSON.stringify(cells);
    // What runs may define what the others mean: it is asked for when that has ended.
    if (asked === this.#asked || codeCells(this.notebook).some((cell) => this.#freshness.isRunning(cell))) return;
    this.#asked = asked;
    const graph = await this.#server.request(readGraph, { sessionId: this.notebook.uri.toString(), cells }).catch(() => NO_GRAPH);
    if (this.#asked !== asked) return;
    this.#graph = graph;
    this.#show();
  }

  #show(): void {
    const cells = codeCells(this.notebook);
    const names = this.#freshness.names(this.notebook);
    const states = this.#freshness.states(this.notebook);
    const watched = cells.map((cell) => this.#freshness.watched(cell));
    const pictured = watched.flatMap((one, index) => {
      const [cell, state] = [cells[index], states[index]];
      return cell && state ? { watched: one, state, running: this.#freshness.isRunning(cell) } : [];
    });
    // The graph may still be that of a notebook with other cells.
    const known = (edge: { readonly from: number; readonly to: number }) => edge.to < cells.length && edge.from < cells.length;
    const graph = { edges: this.#graph.edges.filter(known), flows: this.#graph.flows.filter(known) };
    const picture = {
      notebook: basename(this.notebook.uri.path),
      cells: pictureCells(pictured, names),
      edges: pictureEdges(watched, graph, names),
    };
    void this.#panel.webview.postMessage({ type: 'graph', picture } satisfies GraphPageMessage);
  }
}
