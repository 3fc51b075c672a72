import type { WireColumnProfile, WireFilter } from '../../server/protocol/requests.ts';
import { shortName } from './chipText.ts';
import { button, create, signButton, svg } from './elements.ts';
import { edgeText, histogramBars, histogramLabel } from './histogramBars.ts';
import { profileFacts, type TopValue, topValues } from './profileFacts.ts';

export interface ProfileActions {
  filter(filter: WireFilter): void;
  close(): void;
}

const WIDTH = 240;
const HEIGHT = 72;

/** Beside a grid: what one column of the result holds. */
export class ProfilePane {
  readonly element = create('aside', 'kodiak-profile');
  readonly #actions: ProfileActions;
  readonly #partial = note('Of all rows, not only those that are shown.');
  readonly #body = create('div', 'kodiak-profile-body');

  constructor(name: string, actions: ProfileActions) {
    this.#actions = actions;
    const title = `Profile of ${shortName(name)}`;
    this.element.tabIndex = -1;
    this.element.setAttribute('role', 'region');
    this.element.setAttribute('aria-label', title);
    const head = create('div', 'kodiak-profile-head');
    const text = create('span', 'kodiak-profile-title');
    text.textContent = title;
    text.title = title;
    head.append(
      text,
      signButton('×', 'Close (Escape)', () => actions.close()),
    );
    this.#body.setAttribute('aria-live', 'polite');
    this.#say('Reading the column…');
    this.#partial.hidden = true;
    this.element.append(head, this.#partial, this.#body);
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        actions.close();
        event.preventDefault();
      }
      // Otherwise the notebook takes these keys, too.
      if (['Enter', ' ', 'Escape'].includes(event.key)) event.stopPropagation();
    });
  }

  focus(): void {
    this.element.focus();
  }

  /** Whether the grid shows all the rows that are summed up here. */
  setWhole(isWhole: boolean): void {
    this.#partial.hidden = isWhole;
  }

  /** Shows the statistics of the column with this index. */
  show(profile: WireColumnProfile, column: number): void {
    const facts = create('dl', 'kodiak-facts');
    for (const { name, text } of profileFacts(profile)) {
      const [pair, term, value] = [create('div', 'kodiak-fact'), create('dt', ''), create('dd', '')];
      term.textContent = name;
      value.textContent = text;
      value.title = text;
      pair.append(term, value);
      facts.append(pair);
    }
    const top = topValues(profile, column);
    this.#body.replaceChildren(
      ...(profile.histogram.length > 0 ? [histogram(profile.histogram)] : []),
      facts,
      ...(top.length > 0 ? [this.#topList(top)] : []),
    );
  }

  /** Says why there are no statistics. */
  fail(message: string): void {
    this.#say(message);
  }

  #say(text: string): void {
    this.#body.replaceChildren(note(text));
  }

  #topList(top: readonly TopValue[]): HTMLElement {
    const list = create('ol', 'kodiak-top');
    list.setAttribute('aria-label', 'Most frequent values');
    for (const { text, count, share, filter } of top) {
      const item = create('li', 'kodiak-top-value');
      const bar = create('span', 'kodiak-top-bar');
      bar.style.width = `${Math.max(1, share * 100)}%`;
      const value =
        filter === undefined ? create('span', '') : button('', text, `Show only rows with ${text}`, () => this.#actions.filter(filter));
      value.className = 'kodiak-top-text';
      value.textContent = text;
      const times = create('span', 'kodiak-top-count');
      times.textContent = count;
      item.append(bar, value, times);
      list.append(item);
    }
    return list;
  }
}

function note(text: string): HTMLElement {
  const element = create('p', 'kodiak-profile-note');
  element.textContent = text;
  return element;
}

function histogram(bins: WireColumnProfile['histogram']): HTMLElement {
  const picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': histogramLabel(bins) });
  for (const { x, y, width, height, label } of histogramBars(bins, WIDTH, HEIGHT)) {
    const bar = svg('rect', { x: String(x), y: String(y), width: String(width), height: String(height), class: 'kodiak-histogram-bar' });
    // As high as the picture, so that the title of a low bar can be pointed at.
    const area = svg('rect', { x: String(x), y: '0', width: String(width), height: String(HEIGHT), class: 'kodiak-histogram-area' });
    const title = svg('title', {});
    title.textContent = label;
    area.append(title);
    picture.append(bar, area);
  }
  const edges = create('div', 'kodiak-edges');
  // The picture's label says where its highest bar is.
  edges.setAttribute('aria-hidden', 'true');
  for (const value of [bins[0]?.from, bins.at(-1)?.to]) {
    const edge = create('span', '');
    edge.textContent = value === undefined ? '' : edgeText(value);
    edges.append(edge);
  }
  const element = create('div', 'kodiak-histogram');
  element.append(picture, edges);
  return element;
}
