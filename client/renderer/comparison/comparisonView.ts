import type { ComparisonMessage, ComparisonRequest, ShownComparison } from '../../../server/protocol/comparison.ts';
import { button, create, setText } from '../elements.ts';
import { formatNumber } from '../footerText.ts';
import type { PageClient } from '../pageClient.ts';
import { ResultView } from '../shared.ts';
import { comparisonMarks, KINDS, type Kind, SIGNS } from './comparisonMarks.ts';
import { comparisonNotes, countsText, keySentence } from './comparisonText.ts';

/** The page of a comparison: what was compared and how, how many rows there are of each kind, and the rows. */
export class ComparisonView {
  readonly element = create('main', 'comparison');
  readonly #pages: PageClient;
  readonly #send: (request: ComparisonRequest) => void;
  readonly #title = create('h1', 'comparison-title');
  readonly #kinds = create('div', 'comparison-kinds');
  readonly #key = create('span', 'comparison-key');
  readonly #keyLine = create('div', 'comparison-line');
  readonly #notes = create('ul', 'comparison-notes');
  readonly #status = create('div', 'comparison-status');
  readonly #statusText = create('span', '');
  readonly #cancel: HTMLButtonElement;
  readonly #rows = create('div', 'comparison-rows');
  readonly #hidden = new Set<Kind>();
  #shown: ShownComparison | undefined;
  #view: ResultView | undefined;

  constructor(pages: PageClient, send: (request: ComparisonRequest) => void) {
    this.#pages = pages;
    this.#send = send;
    this.#kinds.setAttribute('role', 'group');
    this.#kinds.setAttribute('aria-label', 'Rows that are shown');
    this.#keyLine.append(
      this.#key,
      button('comparison-button', 'Change Key…', 'Choose the columns that tell rows apart', () => send({ type: 'chooseKey' })),
    );
    this.#keyLine.hidden = true;
    this.#status.setAttribute('role', 'status');
    this.#cancel = button('comparison-button', 'Cancel', 'Stop comparing', () => send({ type: 'cancelComparison' }));
    this.#status.append(this.#statusText, this.#cancel);
    this.element.append(this.#title, this.#kinds, this.#keyLine, this.#notes, this.#status, this.#rows);
  }

  receive(message: ComparisonMessage): void {
    switch (message.type) {
      case 'comparing':
        this.#tell(message.text, true);
        return;
      case 'comparisonFailed':
        this.#tell(message.message, false);
        return;
      case 'comparison':
        this.#show(message.comparison);
    }
  }

  #tell(text: string, isRunning: boolean): void {
    setText(this.#statusText, text);
    this.#cancel.hidden = !isRunning;
    this.#status.hidden = text === '';
  }

  #show(comparison: ShownComparison): void {
    this.#shown = comparison;
    const { before, now, summary, output, unchanged } = comparison;
    this.#tell('', false);
    this.#title.replaceChildren(sideOf(before), document.createTextNode(' → '), sideOf(now));
    if (unchanged) this.#hidden.delete('unchanged');
    else this.#hidden.add('unchanged');
    this.#showKinds();
    setText(this.#key, keySentence(summary));
    this.#keyLine.hidden = false;
    this.#notes.replaceChildren(
      ...comparisonNotes(summary).map((note) => {
        const item = create('li', 'comparison-note');
        item.textContent = note;
        return item;
      }),
    );
    this.#view?.dispose();
    this.#view = new ResultView(output, this.#pages, comparisonMarks(summary.cells));
    this.#rows.replaceChildren(this.#view.element);
    this.#view.attached();
    this.#filter();
    if (summary.added + summary.removed + summary.changed === 0) this.#tell(`${countsText(summary)}.`, false);
  }

  #showKinds(): void {
    const { summary } = this.#shown ?? {};
    if (summary === undefined) return;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['kind'] : undefined;
    this.#kinds.replaceChildren(
      ...KINDS.map((kind) => {
        const toggle = button(
          `comparison-kind kodiak-diff-${kind}`,
          `${formatNumber(summary[kind])} ${kind}`,
          `Show or hide ${kind} rows`,
          () => this.#toggle(kind),
        );
        toggle.dataset['kind'] = kind;
        toggle.dataset['sign'] = SIGNS[kind];
        toggle.setAttribute('aria-pressed', String(!this.#hidden.has(kind)));
        return toggle;
      }),
    );
    if (focused !== undefined) this.#kinds.querySelector<HTMLElement>(`[data-kind="${focused}"]`)?.focus();
  }

  #toggle(kind: Kind): void {
    if (this.#hidden.has(kind)) this.#hidden.delete(kind);
    else this.#hidden.add(kind);
    this.#showKinds();
    const unchanged = !this.#hidden.has('unchanged');
    if (kind === 'unchanged' && unchanged !== this.#shown?.unchanged) this.#send({ type: 'showUnchanged', unchanged });
    else this.#filter();
  }

  /** Hidden kinds are filtered away in the engine, so that an export leaves them out, too. */
  #filter(): void {
    const shown = KINDS.filter((kind) => !this.#hidden.has(kind));
    const there = this.#shown?.unchanged ? KINDS : KINDS.filter((kind) => kind !== 'unchanged');
    this.#view?.filter(0, there.every((kind) => shown.includes(kind)) ? undefined : { column: 0, op: 'in', values: shown });
  }
}

function sideOf({ label, sql }: ShownComparison['now']): HTMLElement {
  const side = create('span', 'comparison-side');
  side.textContent = label;
  if (sql !== undefined) side.title = sql;
  return side;
}
