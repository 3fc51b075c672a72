import {
  Disposable,
  EventEmitter,
  type NotebookCell,
  NotebookCellStatusBarAlignment,
  NotebookCellStatusBarItem,
  type NotebookCellStatusBarItemProvider,
  notebooks,
  workspace,
} from 'vscode';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import { asOfText } from '../monitor/asOfText.ts';
import { readMarker } from './cellMarker.ts';
import { resultNameOf } from './namedCells.ts';
import type { PinnedResult, PinnedResults } from './pinnedResults.ts';
import { cellSource } from './serializer.ts';

function pinItem({ pinnedAt, sql }: PinnedResult, cell: NotebookCell): NotebookCellStatusBarItem {
  const item = new NotebookCellStatusBarItem(`$(pinned) ${asOfText(pinnedAt.getTime(), Date.now())}`, NotebookCellStatusBarAlignment.Left);
  item.tooltip = `Compare with the result that was pinned then, of:\n${sql}`;
  item.command = { command: 'kodiak.compareWithPinned', title: 'Compare with Pinned', arguments: [cell] };
  return item;
}

function nameItem(name: string): NotebookCellStatusBarItem {
  const item = new NotebookCellStatusBarItem(`$(symbol-field) ${name}`, NotebookCellStatusBarAlignment.Left);
  item.tooltip = `Cells below read this result as FROM ${name}`;
  item.command = 'kodiak.nameResult';
  return item;
}

export interface CellStatusText {
  readonly text: string;
  readonly tooltip?: string;
  /** The cell runs: outputs that go are those of the run before. */
  readonly runs?: true;
}

/** The line below each cell: its title, and how its run goes or went. */
export class CellStatus implements Disposable, NotebookCellStatusBarItemProvider {
  readonly #texts = new WeakMap<NotebookCell, CellStatusText>();
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: Disposable;

  readonly onDidChangeCellStatusBarItems = this.#changed.event;

  readonly #pins: PinnedResults;

  constructor(pins: PinnedResults) {
    this.#pins = pins;
    this.#subscriptions = Disposable.from(
      pins.onDidChange(() => this.#changed.fire()),
      notebooks.registerNotebookCellStatusBarItemProvider(NOTEBOOK_TYPE, this),
      workspace.onDidChangeNotebookDocument((change) => {
        for (const { cell, outputs } of change.cellChanges)
          if (outputs?.length === 0 && !this.#texts.get(cell)?.runs) this.set(cell, undefined);
      }),
      this.#changed,
    );
  }

  set(cell: NotebookCell, text: CellStatusText | undefined): void {
    if (text === undefined) this.#texts.delete(cell);
    else this.#texts.set(cell, text);
    this.#changed.fire();
  }

  provideCellStatusBarItems(cell: NotebookCell): NotebookCellStatusBarItem[] {
    const items: NotebookCellStatusBarItem[] = [];
    const { role, title } = readMarker(cellSource(cell.metadata));
    const isAssertion = role === 'assert';
    if (title !== '' || isAssertion)
      items.push(
        new NotebookCellStatusBarItem(
          `${isAssertion ? '$(beaker)' : '$(tag)'} ${title || 'Assertion'}`,
          NotebookCellStatusBarAlignment.Left,
        ),
      );
    const name = resultNameOf(cell)?.name;
    if (name !== undefined) items.push(nameItem(name));
    const pinned = this.#pins.of(cell);
    if (pinned !== undefined) items.push(pinItem(pinned, cell));
    const status = this.#texts.get(cell);
    if (status !== undefined) {
      const item = new NotebookCellStatusBarItem(status.text, NotebookCellStatusBarAlignment.Left);
      if (status.tooltip !== undefined) item.tooltip = status.tooltip;
      items.push(item);
    }
    return items;
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}
