import { type Disposable, EventEmitter, type NotebookCell, workspace } from 'vscode';
import { RESULT_MIME, type ResultOutput } from '../../server/protocol/notebookOutput.ts';
import { type HeldResults, idsIn } from './heldResults.ts';
import type { PlannedOutput } from './resultOutput.ts';

/** A result that stays beside the newer ones of its cell. */
export interface PinnedResult {
  readonly output: ResultOutput;
  readonly pinnedAt: Date;
  /** The cell's text when it was pinned. */
  readonly sql: string;
}

/** The pinned result of each cell: a rerun shows it below the new one. It is held until it is unpinned or its cell is gone. */
export class PinnedResults implements Disposable {
  readonly #held: HeldResults;
  readonly #pins = new Map<NotebookCell, PinnedResult>();
  readonly #changed = new EventEmitter<void>();
  readonly #subscription: Disposable;

  readonly onDidChange = this.#changed.event;

  constructor(held: HeldResults) {
    this.#held = held;
    this.#subscription = workspace.onDidCloseNotebookDocument((notebook) => {
      for (const cell of [...this.#pins.keys()]) if (cell.notebook === notebook) this.#pins.delete(cell);
    });
  }

  of(cell: NotebookCell): PinnedResult | undefined {
    return this.#pins.get(cell);
  }

  /** Pins the last result that a cell shows, in place of the one that was pinned. False where there is none. */
  pin(cell: NotebookCell): boolean {
    const output = lastResult(cell, this.of(cell)?.output.resultId);
    if (output === undefined) return false;
    this.#letGo(cell);
    this.#held.keep(output.resultId);
    this.#pins.set(cell, { output, pinnedAt: new Date(), sql: cell.document.getText() });
    this.#changed.fire();
    return true;
  }

  unpin(cell: NotebookCell): void {
    this.#letGo(cell);
    this.#changed.fire();
  }

  /** What a run of the cell shows below its own outputs. */
  outputsOf(cell: NotebookCell): PlannedOutput[] {
    const pinned = this.of(cell);
    if (pinned === undefined) return [];
    const { origin: _, ...rest } = pinned.output;
    const output: ResultOutput = { ...rest, note: `Pinned at ${pinned.pinnedAt.toLocaleTimeString()} · ${rest.note}` };
    return [{ resultId: output.resultId, items: [{ mime: RESULT_MIME, text: JSON.stringify(output) }] }];
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  /** The rows go as soon as no output shows them. */
  #letGo(cell: NotebookCell): void {
    const pinned = this.#pins.get(cell);
    if (pinned === undefined) return;
    this.#pins.delete(cell);
    this.#held.letGo(cell, pinned.output.resultId);
  }
}

/** The last result that a cell shows, other than the pinned one where there is another. */
export function lastResult(cell: NotebookCell, pinnedId: string | undefined): ResultOutput | undefined {
  const outputs = resultsOf(cell);
  return outputs.findLast(({ resultId }) => resultId !== pinnedId) ?? outputs.at(-1);
}

/** The results that a cell shows and the server holds, in their order. */
export function resultsOf(cell: NotebookCell): ResultOutput[] {
  const ids = idsIn(cell.outputs);
  return cell.outputs
    .flatMap(({ items }) => items)
    .filter(({ mime }) => mime === RESULT_MIME)
    .map(({ data }) => JSON.parse(new TextDecoder().decode(data)) as ResultOutput)
    .filter(({ resultId }) => ids.has(resultId));
}
