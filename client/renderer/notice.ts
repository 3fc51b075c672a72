import { type NoticeState, noticeText } from './footerText.ts';

/** The line that says why rows are missing, with a button that runs the cell again when all are gone. Takes no room while empty. */
export class Notice {
  readonly element = document.createElement('div');
  readonly #text = document.createElement('span');
  readonly #button = document.createElement('button');

  constructor(runAgain: () => void) {
    this.element.className = 'kodiak-notice';
    // In the document before it says anything: only then do screen readers read out what it comes to say.
    this.element.setAttribute('role', 'status');
    this.#button.className = 'kodiak-button';
    this.#button.type = 'button';
    this.#button.textContent = 'Run again';
    this.#button.title = 'Run it again to get its rows';
    this.#button.hidden = true;
    this.#button.addEventListener('click', runAgain);
    this.#button.addEventListener('keydown', (event) => {
      // Otherwise the notebook takes these keys, too.
      if (event.key === 'Enter' || event.key === ' ') event.stopPropagation();
    });
    this.element.append(this.#text, this.#button);
  }

  show(state: NoticeState): void {
    const text = noticeText(state);
    if (this.#text.textContent !== text) this.#text.textContent = text;
    this.#button.hidden = state.rowsHere === undefined;
  }

  clear(): void {
    this.#text.textContent = '';
    this.#button.hidden = true;
  }
}
