import type { ViewSpec } from '../../server/protocol/notebookOutput.ts';
import type { WireColumn } from '../../server/protocol/values.ts';
import { filterText, sortText, viewCountText, workText } from './chipText.ts';
import { button, create, keepTypedKeys, setText, signButton, svgIcon } from './elements.ts';
import { showsAll } from './viewSpec.ts';

export interface BarState {
  readonly shown: ViewSpec;
  readonly wanted: ViewSpec;
  /** What is looked for. */
  readonly search: string;
  /** What became of looking for the next row with it; empty where it was found. */
  readonly found: string;
  /** When the work began that goes on, as `performance.now()`. */
  readonly began: number | undefined;
  readonly columns: readonly WireColumn[];
  /** Of the view, and of the result. */
  readonly rowCount: number;
  readonly allRows: number;
}

export interface BarActions {
  /** With `onlyFound` the rows without it are not shown. */
  search(text: string, onlyFound: boolean): void;
  nextMatch(backwards: boolean): void;
  removeSort(): void;
  editFilter(column: number): void;
  removeFilter(column: number): void;
  cancel(): void;
  /** The person is done here. */
  leave(): void;
}

const TYPING_MS = 250;
const TICK_MS = 100;
/** Work that is done sooner is not spoken of. */
const QUIET_MS = 300;

/** The next search begins as the last one was. */
let onlyFoundLast = true;

/** Above a grid: the search, and what the rows are sorted and filtered by. Takes no room while there is nothing to say. */
export class ViewBar {
  readonly element = create('div', 'kodiak-bar');
  readonly #actions: BarActions;
  readonly #find = create('div', 'kodiak-find');
  readonly #input = create('input', 'kodiak-input');
  readonly #onlyFound: HTMLButtonElement;
  readonly #chips = create('div', 'kodiak-chips');
  readonly #status = create('span', 'kodiak-status');
  readonly #cancel: HTMLButtonElement;
  #state: BarState | undefined;
  #chipsDrawn = '';
  #typing: ReturnType<typeof setTimeout> | undefined;
  #ticks: ReturnType<typeof setInterval> | undefined;

  constructor(actions: BarActions) {
    this.#actions = actions;
    this.#input.type = 'text';
    this.#input.placeholder = 'Find in all rows';
    this.#input.setAttribute('aria-label', 'Find in all rows; Enter goes to the next cell');
    this.#onlyFound = button('kodiak-icon kodiak-toggle', '', 'Show only the rows that are found (Alt+L)', () => this.#toggle());
    this.#onlyFound.setAttribute('aria-label', 'Show only the rows that are found');
    this.#onlyFound.append(svgIcon('filter'));
    this.#setOnlyFound(onlyFoundLast);
    this.#input.addEventListener('input', () => this.#typed());
    this.#input.addEventListener('keydown', (event) => this.#key(event));
    this.#find.append(
      this.#input,
      this.#onlyFound,
      signButton('↑', 'The cell before (Shift+Enter)', () => actions.nextMatch(true)),
      signButton('↓', 'Next cell (Enter)', () => actions.nextMatch(false)),
      signButton('×', 'Close the search (Escape)', () => this.closeFind()),
    );
    this.#find.setAttribute('role', 'search');
    this.#find.hidden = true;
    this.#chips.setAttribute('role', 'list');
    this.#chips.setAttribute('aria-label', 'Sorted and filtered by');
    // In the document before it says anything: only then do screen readers read out what it comes to say.
    this.#status.setAttribute('role', 'status');
    this.#cancel = button('kodiak-button kodiak-small', 'Cancel', 'Stop this and keep the rows as they were', () => actions.cancel());
    this.element.append(this.#find, this.#chips, this.#status, this.#cancel);
    keepTypedKeys(this.element);
    this.#refresh();
  }

  get focused(): boolean {
    return this.element.contains(document.activeElement);
  }

  openFind(): void {
    this.#find.hidden = false;
    this.#refresh();
    this.#input.focus();
    this.#input.select();
  }

  closeFind(): void {
    clearTimeout(this.#typing);
    this.#input.value = '';
    this.#find.hidden = true;
    this.#actions.search('', this.#isOnlyFound);
    this.#refresh();
    this.#actions.leave();
  }

  update(state: BarState): void {
    this.#state = state;
    this.#refresh();
    clearInterval(this.#ticks);
    if (state.began !== undefined) this.#ticks = setInterval(() => this.#refresh(), TICK_MS);
  }

  dispose(): void {
    clearTimeout(this.#typing);
    clearInterval(this.#ticks);
  }

  #typed(): void {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#actions.search(this.#input.value, this.#isOnlyFound), TYPING_MS);
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const { key } = event;
    if (key === 'Escape') this.closeFind();
    else if (event.altKey && key.toLowerCase() === 'l') this.#toggle();
    else if (key !== 'Enter') return;
    else if (this.#input.value === this.#state?.search) this.#actions.nextMatch(event.shiftKey);
    else {
      clearTimeout(this.#typing);
      this.#actions.search(this.#input.value, this.#isOnlyFound);
    }
    event.preventDefault();
  }

  get #isOnlyFound(): boolean {
    return this.#onlyFound.getAttribute('aria-pressed') === 'true';
  }

  #setOnlyFound(isOnlyFound: boolean): void {
    onlyFoundLast = isOnlyFound;
    this.#onlyFound.setAttribute('aria-pressed', String(isOnlyFound));
  }

  #toggle(): void {
    clearTimeout(this.#typing);
    this.#setOnlyFound(!this.#isOnlyFound);
    this.#actions.search(this.#input.value, this.#isOnlyFound);
  }

  #refresh(): void {
    const state = this.#state;
    const works = state?.began !== undefined && performance.now() - state.began > QUIET_MS;
    this.#cancel.hidden = !works;
    setText(this.#status, state === undefined ? '' : statusText(state, works));
    if (state !== undefined) this.#drawChips(state);
    this.element.hidden = this.#find.hidden && !works && this.#chips.childElementCount === 0 && this.#status.textContent === '';
  }

  /** The chips stay in the document while they say the same, with the focus that one of them may have. */
  #drawChips({ wanted, columns }: BarState): void {
    const drawnFrom = JSON.stringify([wanted.sort, wanted.filters]);
    if (drawnFrom === this.#chipsDrawn) return;
    const hadFocus = this.#chips.contains(document.activeElement);
    this.#chipsDrawn = drawnFrom;
    const chips = wanted.filters.map((filter) => {
      const text = filterText(filter, columns);
      const edit = button('kodiak-chip-text', text, `Change the filter: ${text}`, () => this.#actions.editFilter(filter.column));
      return chip([edit], `Remove the filter: ${text}`, () => this.#actions.removeFilter(filter.column));
    });
    if (wanted.sort.length > 0) {
      const text = `sorted by ${sortText(wanted.sort, columns)}`;
      const said = create('span', 'kodiak-chip-text');
      said.textContent = text;
      chips.unshift(chip([said], 'Remove the order', () => this.#actions.removeSort()));
    }
    this.#chips.replaceChildren(...chips);
    if (hadFocus) this.#actions.leave();
  }
}

function statusText({ shown, wanted, found, began, rowCount, allRows }: BarState, works: boolean): string {
  if (works && began !== undefined) return `${workText(wanted, shown, allRows)} ${((performance.now() - began) / 1000).toFixed(1)} s`;
  if (found !== '') return found;
  if (showsAll(shown) || (shown.filters.length === 0 && shown.search === '')) return '';
  return viewCountText(rowCount, allRows);
}

function chip(parts: readonly HTMLElement[], removal: string, remove: () => void): HTMLElement {
  const element = create('span', 'kodiak-chip');
  element.setAttribute('role', 'listitem');
  const close = signButton('×', removal, remove);
  element.append(...parts, close);
  return element;
}
