import { Disposable, EventEmitter, type NotebookCell, type NotebookDocument, workspace } from 'vscode';
import { cellKey } from '../../server/protocol/archive.ts';
import { RESULT_MIME, type ResultOutput } from '../../server/protocol/notebookOutput.ts';
import { dropResults, keepResults, type StatementOutcome } from '../../server/protocol/requests.ts';
import { asOfText } from '../monitor/asOfText.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { databaseNow, keyOf } from './cellPlace.ts';
import { type HeldResults, idsIn } from './heldResults.ts';
import { type KeptPin, type PinMemory, pinPlace } from './pinMemory.ts';
import type { PlannedOutput } from './resultOutput.ts';

/** A result that stays beside the newer ones of its cell. */
export interface PinnedResult {
  /** The handle that the result had when it was pinned. */
  readonly id: string;
  readonly output: ResultOutput;
  readonly pinnedAt: Date;
  /** The cell's text when it was pinned. */
  readonly sql: string;
}

interface Pin extends PinnedResult {
  /** The cell's key when its notebook was saved last. */
  readonly savedKey: string;
}

/** The metadata of an output that shows a pinned result: how it is pinned again when its notebook is opened. */
const PIN_KEY = 'kodiakPin';

/** Typing is over. */
const SETTLED_MS = 500;

/**
 * The pinned result of each cell: a rerun shows it below the new one. It is held until it is unpinned or its cell is gone, and is there
 * again when the notebook is opened again.
 */
export class PinnedResults implements Disposable {
  readonly #held: HeldResults;
  readonly #server: ServerProcess;
  readonly #memory: PinMemory;
  readonly #pins = new Map<NotebookCell, Pin>();
  readonly #changed = new EventEmitter<void>();
  readonly #settling = new Map<NotebookDocument, ReturnType<typeof setTimeout>>();
  readonly #subscriptions: Disposable;

  readonly onDidChange = this.#changed.event;

  constructor(held: HeldResults, server: ServerProcess, memory: PinMemory) {
    this.#held = held;
    this.#server = server;
    this.#memory = memory;
    this.#subscriptions = Disposable.from(
      this.#changed,
      workspace.onDidChangeNotebookDocument(({ notebook, cellChanges, contentChanges }) => {
        const isOther = contentChanges.length > 0 || cellChanges.some(({ document }) => document !== undefined);
        if (isOther && this.#hasPins(notebook)) this.#settle(notebook);
      }),
      workspace.onDidSaveNotebookDocument((notebook) => {
        for (const [cell, pin] of this.#of(notebook)) this.#pins.set(cell, { ...pin, savedKey: keyOf(cell) });
        if (this.#hasPins(notebook)) this.#remember(notebook);
      }),
      workspace.onDidCloseNotebookDocument((notebook) => {
        clearTimeout(this.#settling.get(notebook));
        this.#settling.delete(notebook);
        for (const [cell] of this.#of(notebook)) this.#pins.delete(cell);
      }),
    );
  }

  of(cell: NotebookCell): PinnedResult | undefined {
    return this.#pins.get(cell);
  }

  /** What was pinned in a notebook when it was open last. */
  kept(notebook: string): readonly KeptPin[] {
    return this.#memory.of(notebook);
  }

  /** Pins the last result that a cell shows, in place of the one that was pinned. False where there is none. */
  pin(cell: NotebookCell): boolean {
    const output = lastResult(cell, this.of(cell)?.output.resultId);
    if (output === undefined) return false;
    const pin = { id: output.resultId, output, pinnedAt: new Date(), sql: cell.document.getText(), savedKey: keyOf(cell) };
    if (this.of(cell)?.id !== pin.id) this.#letGo(cell);
    this.#held.keep(output.resultId);
    this.#pins.set(cell, pin);
    this.#keep(cell.notebook, pin);
    this.#remember(cell.notebook);
    this.#changed.fire();
    return true;
  }

  unpin(cell: NotebookCell): void {
    this.#letGo(cell);
    this.#remember(cell.notebook);
    this.#changed.fire();
  }

  /** Pins what the cell of a notebook that was opened again shows as pinned. */
  adopt(cell: NotebookCell): void {
    for (const output of cell.outputs) {
      const kept = output.metadata?.[PIN_KEY] as
        | (Omit<PinnedResult, 'output' | 'pinnedAt'> & { pinnedAt: number; note: string })
        | undefined;
      const item = output.items.find(({ mime }) => mime === RESULT_MIME);
      if (kept === undefined || item === undefined) continue;
      const { note, ...pin } = kept;
      const shown = { ...(JSON.parse(new TextDecoder().decode(item.data)) as ResultOutput), note };
      this.#held.keep(shown.resultId);
      this.#pins.set(cell, { ...pin, pinnedAt: new Date(pin.pinnedAt), output: shown, savedKey: keyOf(cell) });
    }
    this.#changed.fire();
  }

  /** What a run of the cell shows below its own outputs. */
  outputsOf(cell: NotebookCell): PlannedOutput[] {
    const pinned = this.of(cell);
    return pinned === undefined ? [] : [pinnedOutput(pinned)];
  }

  dispose(): void {
    for (const timer of this.#settling.values()) clearTimeout(timer);
    this.#subscriptions.dispose();
  }

  /** The rows go as soon as no output shows them. */
  #letGo(cell: NotebookCell): void {
    const pinned = this.#pins.get(cell);
    if (pinned === undefined) return;
    this.#pins.delete(cell);
    this.#held.letGo(cell, pinned.output.resultId);
    const key = cellKey(pinPlace(pinned, cell.notebook.uri.toString(), databaseNow()));
    this.#server.request(dropResults, { keys: [key] }).catch(() => {
      // A server that ended keeps nothing new; what is there goes when there is no more room.
    });
  }

  #of(notebook: NotebookDocument): [NotebookCell, Pin][] {
    return [...this.#pins].filter(([cell]) => cell.notebook === notebook);
  }

  #hasPins(notebook: NotebookDocument): boolean {
    return this.#of(notebook).length > 0;
  }

  /** Has the rows kept on disk, apart from what the cell shows, which is another after its next run. */
  #keep(notebook: NotebookDocument, { id, sql, output, pinnedAt }: Pin): void {
    if (notebook.uri.scheme === 'untitled') return;
    const { kind, elapsedMs, rowsChanged, note: _, origin: _origin, ...result } = output;
    const statement: StatementOutcome = {
      start: 0,
      end: sql.length,
      kind,
      elapsedMs,
      result,
      ...(rowsChanged !== undefined && { rowsChanged }),
    };
    const { database: _database, ...place } = pinPlace({ id, sql }, notebook.uri.toString(), databaseNow());
    const outcome = { statements: [statement], elapsedMs };
    this.#server.request(keepResults, { ...place, ranAt: pinnedAt.getTime(), outcome }).catch(() => {
      // A server that ended keeps nothing.
    });
  }

  #settle(notebook: NotebookDocument): void {
    clearTimeout(this.#settling.get(notebook));
    this.#settling.set(
      notebook,
      setTimeout(() => this.#remember(notebook), SETTLED_MS),
    );
  }

  #remember(notebook: NotebookDocument): void {
    if (notebook.isClosed || notebook.uri.scheme === 'untitled') return;
    const here = new Set(notebook.getCells());
    const pins = this.#of(notebook)
      .filter(([cell]) => here.has(cell))
      .map(([cell, { id, sql, pinnedAt, savedKey }]): KeptPin => {
        return { id, sql, pinnedAt: pinnedAt.getTime(), cells: [...new Set([keyOf(cell), savedKey])] };
      });
    void this.#memory.put(notebook.uri.toString(), pins);
  }
}

/** A pinned result as an output, which says so. */
export function pinnedOutput({ id, sql, output: { origin: _, ...rest }, pinnedAt }: PinnedResult): PlannedOutput {
  const output: ResultOutput = { ...rest, note: `Pinned ${pinnedText(pinnedAt)} · ${rest.note}` };
  const metadata = { [PIN_KEY]: { id, sql, pinnedAt: pinnedAt.getTime(), note: rest.note } };
  return { resultId: output.resultId, items: [{ mime: RESULT_MIME, text: JSON.stringify(output) }], metadata };
}

/** `at 14:02`, `yesterday 14:02`, `24 Nov 14:02`. */
export function pinnedText(pinnedAt: Date): string {
  const text = asOfText(pinnedAt.getTime(), Date.now());
  return /^\d+:/.test(text) ? `at ${text}` : text;
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
