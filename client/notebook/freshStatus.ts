import {
  Disposable,
  EventEmitter,
  type NotebookCell,
  NotebookCellStatusBarAlignment,
  NotebookCellStatusBarItem,
  type NotebookCellStatusBarItemProvider,
  notebooks,
} from 'vscode';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import type { CellFreshness } from './cellFreshness.ts';
import { codeCells } from './cellName.ts';
import type { CellState } from './staleCells.ts';
import { stateText } from './staleText.ts';

const ICONS: Readonly<Record<CellState['kind'], string>> = {
  stale: 'warning',
  fresh: 'pass',
  unknown: 'question',
  done: 'check',
  failed: 'error',
  neverRun: 'circle-outline',
};

/** Behind a cell's title and the outcome of its run. */
const PRIORITY = -10;

/** Says below each cell whether its output is up to date, and why not; a click runs it again. */
export class FreshStatus implements Disposable, NotebookCellStatusBarItemProvider {
  readonly #freshness: CellFreshness;
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: Disposable;

  readonly onDidChangeCellStatusBarItems = this.#changed.event;

  constructor(freshness: CellFreshness) {
    this.#freshness = freshness;
    this.#subscriptions = Disposable.from(
      notebooks.registerNotebookCellStatusBarItemProvider(NOTEBOOK_TYPE, this),
      freshness.onDidChange(() => this.#changed.fire()),
      this.#changed,
    );
  }

  provideCellStatusBarItems(cell: NotebookCell): NotebookCellStatusBarItem[] {
    const index = codeCells(cell.notebook).indexOf(cell);
    const state = this.#freshness.states(cell.notebook)[index];
    const text = state && stateText(state, this.#freshness.names(cell.notebook));
    if (state === undefined || text === undefined) return [];
    const item = new NotebookCellStatusBarItem(`$(${ICONS[state.kind]}) ${text.text}`, NotebookCellStatusBarAlignment.Left);
    item.priority = PRIORITY;
    item.tooltip = state.kind === 'fresh' ? text.detail : `${text.detail}\nClick to run the cell again.`;
    item.accessibilityInformation = { label: text.text, role: 'button' };
    if (state.kind !== 'fresh') {
      const ranges = [{ start: cell.index, end: cell.index + 1 }];
      const target = { ranges, document: cell.notebook.uri };
      item.command = { command: 'notebook.cell.execute', title: 'Run Again', arguments: [target] };
    }
    return [item];
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}
