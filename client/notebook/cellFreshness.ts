import { Disposable, EventEmitter, type NotebookCell, type NotebookDocument, window, workspace } from 'vscode';
import type { WireFreshness } from '../../server/protocol/freshness.ts';
import { freshnessChanged, type RunQueryResult, type StatementOutcome, watchFreshness } from '../../server/protocol/requests.ts';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { cellName, codeCells } from './cellName.ts';
import type { EndedCellRun } from './cellRun.ts';
import { type CellState, cellStates, type WatchedCell } from './staleCells.ts';
import type { ReasonNames } from './staleText.ts';
import { workingFolder } from './workingFolder.ts';

/** What is kept of a cell's last run. */
interface Ran {
  readonly runId: string;
  readonly sql: string;
  readonly failed: boolean;
  readonly statements: readonly StatementOutcome[];
}

/** Typing and notifications come in crowds. */
const GATHER_MS = 50;

/**
 * Knows how each cell's output stands to what it was made from. The server is asked about the results of notebooks that can be seen,
 * and only about those: it looks at files for them.
 */
export class CellFreshness implements Disposable {
  readonly #server: ServerProcess;
  readonly #ran = new Map<NotebookCell, Ran>();
  readonly #running = new Set<NotebookCell>();
  /** Which cell a run belonged to, also when another run followed. */
  readonly #origins = new Map<string, NotebookCell>();
  readonly #freshness = new Map<string, WireFreshness>();
  /** Notebooks whose cells are shown elsewhere than in an editor, each as often as that. */
  readonly #shown: NotebookDocument[] = [];
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: Disposable;
  #watched = '[]';
  #gathering: NodeJS.Timeout | undefined;

  /** The state of any cell may be another one. */
  readonly onDidChange = this.#changed.event;

  constructor(server: ServerProcess) {
    this.#server = server;
    this.#subscriptions = Disposable.from(
      this.#changed,
      server.onNotification(freshnessChanged, ({ results }) => {
        for (const { resultId, freshness } of results) this.#freshness.set(resultId, freshness);
        this.#gather();
      }),
      server.onDidReplace(() => {
        this.#watched = '[]';
        this.#freshness.clear();
        this.#gather();
      }),
      window.onDidChangeVisibleNotebookEditors(() => this.#gather()),
      workspace.onDidChangeNotebookDocument(({ notebook, cellChanges, contentChanges }) => {
        if (notebook.notebookType !== NOTEBOOK_TYPE) return;
        for (const { cell, outputs } of cellChanges) if (outputs?.length === 0 && !this.#running.has(cell)) this.#ran.delete(cell);
        for (const cell of contentChanges.flatMap(({ removedCells }) => removedCells)) this.#ran.delete(cell);
        this.#gather();
      }),
      workspace.onDidCloseNotebookDocument((notebook) => {
        for (const cell of [...this.#ran.keys()]) if (cell.notebook === notebook) this.#ran.delete(cell);
        for (const [runId, cell] of this.#origins) if (cell.notebook === notebook) this.#origins.delete(runId);
        this.#gather();
      }),
    );
  }

  /** A run begins: what it does is the cell's doing, before it has ended. */
  began(cell: NotebookCell, runId: string): void {
    this.#running.add(cell);
    this.#origins.set(runId, cell);
    this.#ran.delete(cell);
    this.#gather();
  }

  ended({ cell, run, runId, sql }: EndedCellRun): void {
    this.#running.delete(cell);
    this.#ran.set(cell, { runId, sql, failed: run.failure !== undefined, statements: run.statements });
    this.#gather();
  }

  /** The cell shows what an earlier run gave, which this window did not see. */
  adopt(cell: NotebookCell, { sql, run }: { readonly sql: string; readonly run: RunQueryResult }): void {
    if (this.#ran.has(cell) || this.#running.has(cell)) return;
    this.#ran.set(cell, { runId: '', sql, failed: run.failure !== undefined, statements: run.statements });
    this.#gather();
  }

  /** However it ended, the run is over. */
  left(cell: NotebookCell): void {
    if (this.#running.delete(cell)) this.#gather();
  }

  /** Follows a notebook that is not in an editor that can be seen, until that is taken back. */
  follow(notebook: NotebookDocument): Disposable {
    this.#shown.push(notebook);
    this.#gather();
    return new Disposable(() => {
      this.#shown.splice(this.#shown.indexOf(notebook), 1);
      this.#gather();
    });
  }

  isRunning(cell: NotebookCell): boolean {
    return this.#running.has(cell);
  }

  /** In the order of `codeCells`. */
  states(notebook: NotebookDocument): CellState[] {
    return cellStates(codeCells(notebook).map((cell) => this.watched(cell)));
  }

  watched(cell: NotebookCell): WatchedCell {
    const ran = this.#ran.get(cell);
    if (ran === undefined) return { name: cellName(cell), text: cell.document.getText() };
    const statements = ran.statements.flatMap(({ effects, result }) =>
      effects === undefined ? [] : { effects, freshness: this.#freshness.get(result.resultId) },
    );
    return { name: cellName(cell), text: cell.document.getText(), ran: { text: ran.sql, failed: ran.failed, statements } };
  }

  names(notebook: NotebookDocument): ReasonNames {
    const cells = codeCells(notebook);
    return {
      cell: (index) => {
        const cell = cells[index];
        return cell === undefined ? `cell ${index + 1}` : cellName(cell);
      },
      origin: (runId) => {
        const cell = this.#origins.get(runId);
        return cell?.notebook === notebook && cells.includes(cell) ? cellName(cell) : undefined;
      },
      sessionId: notebook.uri.toString(),
      folder: workingFolder(notebook),
    };
  }

  dispose(): void {
    clearTimeout(this.#gathering);
    this.#subscriptions.dispose();
  }

  #gather(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      this.#watch();
      this.#changed.fire();
    }, GATHER_MS);
  }

  /** Tells the server which results can be seen, when they are others than before. */
  #watch(): void {
    const visible = new Set([...window.visibleNotebookEditors.map(({ notebook }) => notebook), ...this.#shown]);
    const resultIds: string[] = [];
    for (const [cell, { statements }] of this.#ran) {
      if (visible.has(cell.notebook)) resultIds.push(...statements.map(({ result }) => result.resultId));
    }
    const watched = JSON.stringify(resultIds);
    if (watched === this.#watched) return;
    this.#watched = watched;
    const known = new Set(resultIds);
    // What nobody watches is not known any more: it is asked for when it is seen again.
    for (const resultId of this.#freshness.keys()) if (!known.has(resultId)) this.#freshness.delete(resultId);
    this.#server.request(watchFreshness, { resultIds }).then(
      ({ results }) => {
        for (const { resultId, freshness } of results) if (known.has(resultId)) this.#freshness.set(resultId, freshness);
        this.#gather();
      },
      () => {
        // A server that is gone has no results; its successor is asked when it is there.
      },
    );
  }
}
