import { Disposable, type NotebookCell, type NotebookCellOutput, type NotebookDocument, window, workspace } from 'vscode';
import { closeSession, pinResult, releaseResult } from '../../server/protocol/requests.ts';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import type { ServerProcess } from '../serverProcess.ts';

const RESULT_ID_KEY = 'kodiakResultId';

/** The metadata under which an output says which result it holds. */
export function holding(resultId: string): Record<string, unknown> {
  return { [RESULT_ID_KEY]: resultId };
}

/**
 * Gives results back to the server as soon as no output of their cell holds them, and sessions when their notebook closes. Tells it
 * which results can be seen: those of notebooks in an editor that is visible. The others it keeps only within a budget.
 */
export class HeldResults implements Disposable {
  readonly #server: ServerProcess;
  /** By cell: each result's id, and whether an output with it has been seen. One that has not may still be on its way. */
  readonly #held = new Map<NotebookCell, Map<string, boolean>>();
  /** Cells that run: what their run has shown it still fills, even when the person has cleared the output. */
  readonly #running = new Set<NotebookCell>();
  /** Results that the server knows to be seen; it is told so by the run already. */
  readonly #pinned = new Set<string>();
  /** Results that stay when no output shows them: a person has pinned them. */
  readonly #kept = new Set<string>();
  readonly #subscriptions: Disposable;

  constructor(server: ServerProcess) {
    this.#server = server;
    this.#subscriptions = Disposable.from(
      workspace.onDidChangeNotebookDocument((change) => {
        for (const { cell, outputs } of change.cellChanges) if (outputs !== undefined) this.#compare(cell, idsIn(outputs));
        // A cell that was moved is among those that were removed, too.
        const removed = change.contentChanges.flatMap(({ removedCells }) => removedCells);
        const here = removed.length > 0 ? new Set(change.notebook.getCells()) : undefined;
        for (const cell of removed) if (!here?.has(cell)) this.releaseAll(cell);
      }),
      workspace.onDidCloseNotebookDocument((notebook) => this.#close(notebook)),
      window.onDidChangeVisibleNotebookEditors(() => this.#pinVisible()),
    );
  }

  runBegins(cell: NotebookCell): void {
    this.#running.add(cell);
  }

  /** Gives back what the cell showed before its run, which goes on. */
  releaseReplaced(cell: NotebookCell): void {
    this.#compare(cell, idsIn(cell.outputs), true);
  }

  isRunning(cell: NotebookCell): boolean {
    return this.#running.has(cell);
  }

  /** Gives back what was cleared meanwhile. */
  runEnded(cell: NotebookCell): void {
    this.#running.delete(cell);
    this.#compare(cell, idsIn(cell.outputs));
  }

  /** From now on an output of the cell holds this result, or will in a moment. */
  hold(cell: NotebookCell, resultId: string): void {
    if (cell.notebook.isClosed) {
      this.release(resultId);
      return;
    }
    const results = this.#held.get(cell) ?? new Map<string, boolean>();
    this.#held.set(cell, results);
    if (results.has(resultId)) return;
    results.set(resultId, false);
    this.#pinned.add(resultId);
    this.#pinVisible();
  }

  /** The result stays, whatever its cell shows, until `letGo` or the cell is gone. */
  keep(resultId: string): void {
    this.#kept.add(resultId);
  }

  letGo(cell: NotebookCell, resultId: string): void {
    this.#kept.delete(resultId);
    this.#compare(cell, idsIn(cell.outputs));
  }

  release(resultId: string): void {
    this.#pinned.delete(resultId);
    this.#kept.delete(resultId);
    this.#server.request(releaseResult, { resultId }).catch(() => {
      // A server that is gone holds nothing.
    });
  }

  releaseAll(cell: NotebookCell): void {
    for (const resultId of this.#held.get(cell)?.keys() ?? []) this.release(resultId);
    this.#held.delete(cell);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #compare(cell: NotebookCell, ids: ReadonlySet<string>, isReplaced = !this.#running.has(cell)): void {
    const results = this.#held.get(cell);
    for (const [resultId, seen] of results ?? []) {
      if (ids.has(resultId)) results?.set(resultId, true);
      else if (seen && isReplaced && !this.#kept.has(resultId)) {
        results?.delete(resultId);
        this.release(resultId);
      }
    }
    if (results?.size === 0) this.#held.delete(cell);
  }

  #pinVisible(): void {
    const visible = new Set(window.visibleNotebookEditors.map(({ notebook }) => notebook));
    for (const [cell, results] of this.#held) {
      const pinned = visible.has(cell.notebook);
      for (const resultId of results.keys()) {
        if (this.#pinned.has(resultId) === pinned) continue;
        if (pinned) this.#pinned.add(resultId);
        else this.#pinned.delete(resultId);
        this.#server.request(pinResult, { resultId, pinned }).catch(() => {
          // A result that was dropped says so when its rows are looked at.
        });
      }
    }
  }

  #close(notebook: NotebookDocument): void {
    if (notebook.notebookType !== NOTEBOOK_TYPE) return;
    for (const cell of [...this.#held.keys()]) if (cell.notebook === notebook) this.releaseAll(cell);
    this.#server.request(closeSession, { sessionId: notebook.uri.toString() }).catch(() => {
      // A server that is gone has no sessions.
    });
  }
}

/** The results that outputs hold, in their order. */
export function idsIn(outputs: readonly NotebookCellOutput[]): Set<string> {
  return new Set(outputs.flatMap((output) => output.metadata?.[RESULT_ID_KEY] ?? []));
}
