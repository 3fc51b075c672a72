import { Disposable, EventEmitter, type NotebookCell, type NotebookDocument, workspace } from 'vscode';
import { cellKey } from '../../server/protocol/archive.ts';
import { RESULT_MIME, type ResultOutput } from '../../server/protocol/notebookOutput.ts';
import { checkResults, dropResults, keepResults, type StatementOutcome } from '../../server/protocol/requests.ts';
import { asOfText } from '../monitor/asOfText.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { databaseNow, placeOf } from './cellPlace.ts';
import { type HeldResults, idsIn } from './heldResults.ts';
import { type KeptPin, mergedPins, type PinMemory, pinCellKey, pinPlace } from './pinMemory.ts';
import type { PlannedOutput } from './resultOutput.ts';

/** A result that stays beside the newer ones of its cell. */
export interface PinnedResult {
  /** The handle that the result had when it was pinned. */
  readonly id: string;
  readonly output: ResultOutput;
  readonly pinnedAt: Date;
  /** The cell's text when it was pinned. */
  readonly sql: string;
  /** The one that was open when it was pinned. */
  readonly database: string;
}

interface Pin extends PinnedResult {
  /** `pinCellKey` of the cell when its notebook was saved last. */
  readonly savedKey: string;
}

/** The metadata of an output that shows a pinned result: how it is pinned again when its notebook is opened. */
const PIN_KEY = 'kodiakPin';

interface PinMark extends Omit<KeptPin, 'cells'> {
  /** Its output may have been copied into another. */
  readonly notebook: string;
  /** That of the result, without when it was pinned. */
  readonly note: string;
}

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
  /** Unpinned, while an output of their cell still shows them. */
  readonly #leaving = new Map<Pin, NotebookCell>();
  /** Pins that ended since their notebook was opened. */
  readonly #ended = new WeakMap<NotebookDocument, Set<string>>();
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
        // A file that was changed outside has new cells in place of others, and one that was deleted may come back.
        for (const cell of contentChanges.flatMap(({ addedCells }) => addedCells)) this.adopt(cell);
        if (cellChanges.some(({ outputs }) => outputs !== undefined)) this.#dropUnshown();
        const isOther = contentChanges.length > 0 || cellChanges.some(({ document }) => document !== undefined);
        if (isOther && this.#of(notebook).length > 0) this.#settle(notebook);
      }),
      workspace.onDidSaveNotebookDocument((notebook) => {
        const pins = this.#of(notebook);
        for (const [cell, pin] of pins) this.#pins.set(cell, { ...pin, savedKey: pinCellKey(placeOf(cell)) });
        if (pins.length > 0) this.#remember(notebook);
      }),
      workspace.onDidCloseNotebookDocument((notebook) => this.#close(notebook)),
    );
  }

  of(cell: NotebookCell): PinnedResult | undefined {
    return this.#pins.get(cell);
  }

  /** What was pinned in a notebook when it was open last. */
  kept(notebook: string): readonly KeptPin[] {
    return this.#memory.of(notebook);
  }

  /** Pins the last result that a cell shows, in place of the one that was pinned. */
  pin(cell: NotebookCell): 'pinned' | 'none' | 'incomplete' {
    const output = lastResult(cell, this.of(cell)?.output.resultId);
    if (output === undefined) return 'none';
    if (!output.complete) return 'incomplete';
    const same = [this.#pins.get(cell), ...this.#leaving.keys()].find((pin) => pin?.output.resultId === output.resultId);
    if (this.#pins.get(cell) !== same) this.#letGo(cell);
    const sql = cell.document.getText();
    const place = { database: databaseNow(), savedKey: pinCellKey(placeOf(cell)) };
    const pin: Pin = { id: output.resultId, output, sql, ...place, ...same, pinnedAt: new Date() };
    if (same === undefined) this.#keep(cell.notebook, pin);
    else this.#leaving.delete(same);
    this.#endedIn(cell.notebook).delete(pin.id);
    this.#held.keep(output.resultId);
    this.#pins.set(cell, pin);
    this.#remember(cell.notebook);
    this.#changed.fire();
    return 'pinned';
  }

  unpin(cell: NotebookCell): void {
    this.#letGo(cell);
    this.#remember(cell.notebook);
    this.#changed.fire();
  }

  /** Pins what a cell that came with its outputs shows as pinned. */
  adopt(cell: NotebookCell): void {
    for (const output of cell.outputs) {
      const mark = output.metadata?.[PIN_KEY] as PinMark | undefined;
      const item = output.items.find(({ mime }) => mime === RESULT_MIME);
      if (mark === undefined || item === undefined || !this.#isFree(cell, mark)) continue;
      const { note, notebook: _, ...pin } = mark;
      const shown = { ...(JSON.parse(new TextDecoder().decode(item.data)) as ResultOutput), note };
      this.#held.keep(shown.resultId);
      this.#pins.set(cell, { ...pin, pinnedAt: new Date(pin.pinnedAt), output: shown, savedKey: pinCellKey(placeOf(cell)) });
      // What is looked at counts as used.
      this.#server.request(checkResults, { key: cellKey(pinPlace(pin, cell.notebook.uri.toString())) }).catch(() => {
        // A server that ended forgets nothing.
      });
      this.#changed.fire();
    }
  }

  /** What a run of the cell shows below its own outputs. */
  outputsOf(cell: NotebookCell): PlannedOutput[] {
    const pinned = this.of(cell);
    return pinned === undefined ? [] : [pinnedOutput(pinned, cell.notebook.uri.toString())];
  }

  dispose(): void {
    for (const timer of this.#settling.values()) clearTimeout(timer);
    this.#subscriptions.dispose();
  }

  /** A copy of a cell does not have its pin. */
  #isFree(cell: NotebookCell, { id, notebook }: PinMark): boolean {
    if (this.#pins.has(cell) || cell.notebook.uri.toString() !== notebook || this.#endedIn(cell.notebook).has(id)) return false;
    const here = new Set(cell.notebook.getCells());
    for (const [other, pin] of this.#of(cell.notebook)) {
      if (pin.id !== id) continue;
      if (here.has(other)) return false;
      this.#pins.delete(other);
    }
    return true;
  }

  #letGo(cell: NotebookCell): void {
    const pinned = this.#pins.get(cell);
    if (pinned === undefined) return;
    this.#pins.delete(cell);
    this.#endedIn(cell.notebook).add(pinned.id);
    this.#held.letGo(cell, pinned.output.resultId);
    this.#leaving.set(pinned, cell);
    this.#dropUnshown();
  }

  /** Rows on the disk go as soon as no output shows them. */
  #dropUnshown(): void {
    for (const [pin, cell] of this.#leaving) {
      if (idsIn(cell.outputs).has(pin.output.resultId)) continue;
      this.#leaving.delete(pin);
      this.#drop(cell.notebook, pin);
    }
  }

  #drop(notebook: NotebookDocument, pin: Pin): void {
    this.#server.request(dropResults, { keys: [cellKey(pinPlace(pin, notebook.uri.toString()))] }).catch(() => {
      // A server that ended keeps nothing new; what is there goes when there is no more room.
    });
  }

  /** Pins of cells that are in the notebook no more are gone for good. */
  #close(notebook: NotebookDocument): void {
    clearTimeout(this.#settling.get(notebook));
    this.#settling.delete(notebook);
    const here = new Set(notebook.getCells());
    const gone = new Set<string>();
    for (const [cell, pin] of this.#of(notebook)) {
      this.#pins.delete(cell);
      if (here.has(cell)) continue;
      gone.add(pin.id);
      this.#drop(notebook, pin);
    }
    for (const [pin, cell] of this.#leaving) {
      if (cell.notebook !== notebook) continue;
      this.#leaving.delete(pin);
      this.#drop(notebook, pin);
    }
    const name = notebook.uri.toString();
    if (gone.size > 0) void this.#memory.put(name, mergedPins(this.#memory.of(name), [], gone));
  }

  #of(notebook: NotebookDocument): [NotebookCell, Pin][] {
    return [...this.#pins].filter(([cell]) => cell.notebook === notebook);
  }

  #endedIn(notebook: NotebookDocument): Set<string> {
    const ended = this.#ended.get(notebook) ?? new Set();
    this.#ended.set(notebook, ended);
    return ended;
  }

  /** Has the rows kept on disk, apart from what the cell shows, which is another after its next run. */
  #keep(notebook: NotebookDocument, pin: Pin): void {
    if (notebook.uri.scheme === 'untitled') return;
    const { kind, elapsedMs, rowsChanged, note: _, origin: _origin, ...result } = pin.output;
    const statement: StatementOutcome = {
      start: 0,
      end: pin.sql.length,
      kind,
      elapsedMs,
      result,
      ...(rowsChanged !== undefined && { rowsChanged }),
    };
    const { database: _database, ...place } = pinPlace(pin, notebook.uri.toString());
    const outcome = { statements: [statement], elapsedMs };
    this.#server.request(keepResults, { ...place, ranAt: pin.pinnedAt.getTime(), outcome }).catch(() => {
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
      .map(([cell, { id, sql, database, pinnedAt, savedKey }]): KeptPin => {
        return { id, sql, database, pinnedAt: pinnedAt.getTime(), cells: [...new Set([pinCellKey(placeOf(cell)), savedKey])] };
      });
    const name = notebook.uri.toString();
    void this.#memory.put(name, mergedPins(this.#memory.of(name), pins, this.#endedIn(notebook)));
  }
}

/** A pinned result as an output, which says so. */
export function pinnedOutput(pinned: PinnedResult, notebook: string): PlannedOutput {
  const { id, sql, database, pinnedAt } = pinned;
  const { origin: _, ...rest } = pinned.output;
  const output: ResultOutput = { ...rest, note: `Pinned ${pinnedText(pinnedAt)} · ${rest.note}` };
  const mark: PinMark = { id, sql, database, notebook, pinnedAt: pinnedAt.getTime(), note: rest.note };
  return { resultId: output.resultId, items: [{ mime: RESULT_MIME, text: JSON.stringify(output) }], metadata: { [PIN_KEY]: mark } };
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
