import { spokenText } from '../../plan/operatorText.ts';
import type { PlanFacts } from '../../plan/planFacts.ts';
import { create, setText, svg } from '../elements.ts';
import { type CardLine, cardLines, fitText } from './cardLines.ts';
import { planStep } from './planKeys.ts';
import { CARD_WIDTH, layoutPlan, type PlacedCard, type PlanLayout } from './planLayout.ts';
import { countBelow, firstFolds, type PlanFolds, type VisibleItem, visiblePlan } from './visiblePlan.ts';

const PADDING = 10;
const LINE = 17;
const BAR = 5;
const [MIN_ZOOM, MAX_ZOOM] = [0.1, 2];
/** No card is smaller than this at first, however wide the plan is. */
const MIN_FIT = 0.55;
const STEP = 1.2;

export interface PictureListener {
  /** A person wants to know all about an operator; undefined for no longer. */
  opened(index: number | undefined): void;
  zoomed(zoom: number): void;
}

/** The plan as a tree of cards that can be scrolled, zoomed, folded, and gone through by keys. */
export class PlanPicture {
  readonly element = create('div', 'kodiak-plan-stage');
  readonly #facts: PlanFacts;
  readonly #listener: PictureListener;
  readonly #drawing = svg('svg', { role: 'tree', 'aria-label': 'Query plan' });
  #folds: PlanFolds;
  #layout: PlanLayout = { cards: [], width: 0, height: 0 };
  #elements: SVGElement[] = [];
  #active = 0;
  #selected: number | undefined;
  #zoom = 1;
  /** The person has chosen the size. */
  #zoomed = false;

  constructor(facts: PlanFacts, listener: PictureListener) {
    this.#facts = facts;
    this.#listener = listener;
    this.#folds = firstFolds(facts);
    this.element.append(this.#drawing);
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    this.#drag();
  }

  get drawing(): SVGElement {
    return this.#drawing;
  }

  get size(): { readonly width: number; readonly height: number } {
    return this.#layout;
  }

  get zoom(): number {
    return this.#zoom;
  }

  /** To be called once the element is in the document, and when its width has changed. */
  attached(): void {
    if (this.#elements.length === 0) this.#draw();
    if (!this.#zoomed) this.#fit(false);
  }

  fit(): void {
    this.#fit(true);
  }

  zoomBy(factor: number): void {
    this.#zoomed = true;
    this.#setZoom(this.#zoom * factor, this.element.clientWidth / 2, this.element.clientHeight / 2);
  }

  foldAll(): void {
    this.#refold({
      folded: new Set(this.#facts.nodes.filter(({ children }) => children.length > 0).map(({ index }) => index)),
      spread: new Set(),
    });
  }

  unfoldAll(): void {
    this.#refold({ folded: new Set(), spread: new Set(this.#facts.nodes.map(({ index }) => index)) });
  }

  focus(): void {
    this.#elements[this.#active]?.focus({ preventScroll: true });
  }

  /** Brings an operator into view that is not folded away. */
  show(index: number): void {
    const at = this.#layout.cards.findIndex(({ item }) => item.node.index === index && item.left === undefined);
    if (at >= 0) this.#reveal(at);
  }

  select(index: number | undefined): void {
    this.#selected = index;
    for (const [at, { item }] of this.#layout.cards.entries()) {
      this.#elements[at]?.setAttribute('aria-selected', String(item.left === undefined && item.node.index === index));
    }
  }

  #draw(): void {
    const measure = textMeasure(this.element);
    const lines = new Map<VisibleItem, CardLine[]>();
    const linesOf = (item: VisibleItem): CardLine[] => {
      const known = lines.get(item) ?? this.#linesOf(item);
      lines.set(item, known);
      return known;
    };
    const roots = visiblePlan(this.#facts, this.#folds);
    const layout = layoutPlan(roots, (item) => linesOf(item).length * LINE + 2 * PADDING - 3 + (item.node.share === undefined ? 0 : BAR));
    this.#layout = layout;
    this.#active = Math.min(this.#active, Math.max(0, layout.cards.length - 1));
    const edges = layout.cards.flatMap((card) => {
      const above = card.parent === undefined ? undefined : layout.cards[card.parent];
      return above === undefined ? [] : [edge(card, above)];
    });
    // Edges of the hot path lie above the others.
    edges.sort((a, b) => Number(a.classList.contains('kodiak-plan-hot')) - Number(b.classList.contains('kodiak-plan-hot')));
    this.#elements = layout.cards.map((card, at) => this.#card(card, at, linesOf(card.item), measure));
    this.#drawing.replaceChildren(...edges, ...this.#elements);
    this.#setSize();
  }

  #linesOf({ node, left }: VisibleItem): CardLine[] {
    if (left !== undefined)
      return [
        { look: 'name', text: `${left} more inputs` },
        { look: 'subject', text: 'Enter or a click shows all of them' },
      ];
    const hidden = this.#folds.folded.has(node.index) ? countBelow(this.#facts, node.index) : 0;
    return cardLines(node, { isSlowest: node === this.#facts.slowest, hidden });
  }

  #card(
    { item, x, y, height, level, position, siblings }: PlacedCard,
    at: number,
    lines: readonly CardLine[],
    measure: Measure,
  ): SVGElement {
    const { node, left } = item;
    const isSlowest = node === this.#facts.slowest;
    const looks = [
      'kodiak-plan-card',
      node.hot && 'kodiak-plan-hot',
      isSlowest && 'kodiak-plan-slowest',
      left !== undefined && 'kodiak-plan-more',
    ];
    const canFold = left === undefined && node.children.length > 0;
    const hidden = this.#folds.folded.has(node.index) && left === undefined;
    const card = svg('g', {
      class: looks.filter((look) => look !== false).join(' '),
      transform: `translate(${x} ${y})`,
      role: 'treeitem',
      tabindex: at === this.#active ? '0' : '-1',
      'aria-level': String(level),
      'aria-posinset': String(position),
      'aria-setsize': String(siblings),
      'aria-selected': String(left === undefined && node.index === this.#selected),
      'aria-label': left === undefined ? spokenText(node, isSlowest) : `${left} more inputs. Enter shows all of them.`,
      ...(canFold && { 'aria-expanded': String(!hidden) }),
    });
    card.append(svg('rect', { class: 'kodiak-plan-box', width: String(CARD_WIDTH), height: String(height), rx: '4' }));
    if (node.share !== undefined && left === undefined) card.append(...shareBar(node.share, height));
    for (const [line, { text, end = '', look }] of lines.entries()) {
      const baseline = String(PADDING + 11 + line * LINE);
      const endWidth = end === '' ? 0 : measure(end, false) + 8;
      const room = CARD_WIDTH - 2 * PADDING - endWidth;
      const words = svg('text', { class: `kodiak-plan-${look}`, x: String(PADDING), y: baseline });
      words.textContent = fitText(text, room, (part) => measure(part, look === 'name'));
      card.append(words);
      if (end !== '') {
        const figure = svg('text', { class: 'kodiak-plan-time', x: String(CARD_WIDTH - PADDING), y: baseline, 'text-anchor': 'end' });
        figure.textContent = end;
        card.append(figure);
      }
    }
    const title = svg('title', {});
    title.textContent = lines.map(({ text }) => text).join('\n');
    card.append(title);
    card.addEventListener('click', () => {
      if (this.#dragged) return;
      this.#activate(at);
      this.#open(at);
    });
    card.addEventListener('dblclick', () => this.#toggle(at));
    return card;
  }

  #dragged = false;

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.#elements.indexOf(document.activeElement as SVGElement);
    const card = this.#layout.cards[at];
    const canUnfold = card !== undefined && (card.item.left !== undefined || this.#folds.folded.has(card.item.node.index));
    const step = planStep(event.key, at, this.#layout, canUnfold);
    // Otherwise the notebook would go to another cell.
    if (step !== undefined || event.key.startsWith('Arrow')) {
      event.preventDefault();
      event.stopPropagation();
    }
    switch (step?.type) {
      case 'go':
        this.#activate(step.to);
        return;
      case 'fold':
      case 'unfold':
        this.#toggle(at);
        return;
      case 'open':
        this.#open(at);
        return;
      case 'close':
        this.#listener.opened(undefined);
        return;
      case 'zoomIn':
        this.zoomBy(STEP);
        return;
      case 'zoomOut':
        this.zoomBy(1 / STEP);
        return;
      case 'fit':
        this.fit();
        return;
      case undefined:
        return;
    }
  }

  #activate(at: number): void {
    this.#elements[this.#active]?.setAttribute('tabindex', '-1');
    this.#active = at;
    this.#elements[at]?.setAttribute('tabindex', '0');
    this.#reveal(at);
    this.focus();
  }

  #open(at: number): void {
    const item = this.#layout.cards[at]?.item;
    if (item === undefined) return;
    if (item.left !== undefined) this.#toggle(at);
    else this.#listener.opened(item.node.index);
  }

  #toggle(at: number): void {
    const item = this.#layout.cards[at]?.item;
    if (item === undefined || item.node.children.length === 0) return;
    const { index } = item.node;
    const [folded, spread] = [new Set(this.#folds.folded), new Set(this.#folds.spread)];
    if (item.left !== undefined) spread.add(index);
    else if (!folded.delete(index)) folded.add(index);
    this.#refold({ folded, spread }, index);
  }

  /** Draws anew; the operator that the person is at stays where it is. */
  #refold(folds: PlanFolds, index = this.#layout.cards[this.#active]?.item.node.index): void {
    const hadFocus = this.#elements.includes(document.activeElement as SVGElement);
    const find = () => this.#layout.cards.findIndex(({ item }) => item.node.index === index && item.left === undefined);
    const before = this.#layout.cards[find()];
    this.#folds = folds;
    this.#draw();
    const at = Math.max(0, find());
    const after = this.#layout.cards[at];
    if (before !== undefined && after !== undefined) {
      this.element.scrollLeft += (after.x - before.x) * this.#zoom;
      this.element.scrollTop += (after.y - before.y) * this.#zoom;
    }
    if (hadFocus) this.#activate(at);
    else if (!this.#zoomed) this.#fit(false);
  }

  #reveal(at: number): void {
    const card = this.#layout.cards[at];
    if (card === undefined) return;
    const { clientWidth, clientHeight, scrollLeft, scrollTop } = this.element;
    const into = (from: number, size: number, scroll: number, room: number) => {
      if (from - 12 < scroll) return Math.max(0, from - 12);
      return from + size + 12 > scroll + room ? from + size + 12 - room : scroll;
    };
    const zoom = this.#zoom;
    this.element.scrollLeft = into(card.x * zoom, CARD_WIDTH * zoom, scrollLeft, clientWidth);
    this.element.scrollTop = into(card.y * zoom, card.height * zoom, scrollTop, clientHeight);
  }

  /** All of it in view, if asked for; else as much as can be read. */
  #fit(whole: boolean): void {
    const { width, height } = this.#layout;
    const { clientWidth, clientHeight } = this.element;
    if (width === 0 || clientWidth === 0) return;
    const across = clientWidth / width;
    const wanted = whole ? Math.min(across, clientHeight > 60 ? clientHeight / height : across) : Math.max(MIN_FIT, across);
    this.#zoomed ||= whole;
    this.#setZoom(Math.min(1, wanted), 0, 0);
    const top = this.#layout.cards[0];
    if (top !== undefined) this.element.scrollLeft = (top.x + CARD_WIDTH / 2) * this.#zoom - clientWidth / 2;
    this.element.scrollTop = 0;
  }

  /** The point of the stage stays where it is. */
  #setZoom(wanted: number, x: number, y: number): void {
    const zoom = Math.max(MIN_ZOOM, Math.min(MAX_ZOOM, wanted));
    const [left, top] = [(this.element.scrollLeft + x) / this.#zoom, (this.element.scrollTop + y) / this.#zoom];
    this.#zoom = zoom;
    this.#setSize();
    this.element.scrollLeft = left * zoom - x;
    this.element.scrollTop = top * zoom - y;
    this.#listener.zoomed(zoom);
  }

  #setSize(): void {
    const { width, height } = this.#layout;
    this.#drawing.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#drawing.setAttribute('width', String(width * this.#zoom));
    this.#drawing.setAttribute('height', String(height * this.#zoom));
  }

  /** With Ctrl, or as a pinch, which comes as the same; alone the wheel scrolls. */
  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const { left, top } = this.element.getBoundingClientRect();
    this.#zoomed = true;
    this.#setZoom(this.#zoom * Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top);
  }

  #drag(): void {
    const stage = this.element;
    let from: { readonly x: number; readonly y: number; readonly left: number; readonly top: number } | undefined;
    stage.addEventListener('pointerdown', (event) => {
      this.#dragged = false;
      if (event.button === 0) from = { x: event.clientX, y: event.clientY, left: stage.scrollLeft, top: stage.scrollTop };
    });
    stage.addEventListener('pointermove', (event) => {
      if (from === undefined || event.buttons === 0) return;
      const [x, y] = [event.clientX - from.x, event.clientY - from.y];
      if (!this.#dragged && Math.hypot(x, y) < 5) return;
      if (!this.#dragged) stage.setPointerCapture(event.pointerId);
      this.#dragged = true;
      stage.classList.add('kodiak-plan-dragged');
      stage.scrollLeft = from.left - x;
      stage.scrollTop = from.top - y;
    });
    const end = () => {
      from = undefined;
      stage.classList.remove('kodiak-plan-dragged');
    };
    stage.addEventListener('pointerup', end);
    stage.addEventListener('pointercancel', end);
  }
}

type Measure = (text: string, bold: boolean) => number;

/** Widths of texts in the font of an element, which `kodiak-plan` sets to 12 px. */
function textMeasure(element: HTMLElement): Measure {
  const context = document.createElement('canvas').getContext('2d');
  const family = getComputedStyle(element).fontFamily;
  return (text, bold) => {
    if (context === null) return text.length * 7;
    context.font = `${bold ? 600 : 400} 12px ${family}`;
    return context.measureText(text).width;
  };
}

function edge(from: PlacedCard, to: PlacedCard): SVGElement {
  const [x1, y1] = [from.x + CARD_WIDTH / 2, from.y];
  const [x2, y2] = [to.x + CARD_WIDTH / 2, to.y + to.height];
  const bend = (y1 - y2) / 2;
  const { rows, estimatedRows = 0 } = from.item.node.operator;
  const hot = from.item.node.hot && from.item.left === undefined;
  const width = 1 + Math.min(5, Math.log10(1 + (rows ?? estimatedRows)) * 0.6) + (hot ? 1.5 : 0);
  return svg('path', {
    class: hot ? 'kodiak-plan-edge kodiak-plan-hot' : 'kodiak-plan-edge',
    d: `M${x1} ${y1}C${x1} ${y1 - bend} ${x2} ${y2 + bend} ${x2} ${y2}`,
    'stroke-width': width.toFixed(1),
    ...(from.item.left !== undefined && { 'stroke-dasharray': '4 3' }),
  });
}

/** How much of the time an operator took, at the foot of its card. */
function shareBar(share: number, height: number): SVGElement[] {
  const place = { x: String(PADDING), y: String(height - BAR - 3), height: '3', rx: '1.5' };
  const room = CARD_WIDTH - 2 * PADDING;
  return [
    svg('rect', { class: 'kodiak-plan-bar', ...place, width: String(room) }),
    svg('rect', { class: 'kodiak-plan-bar-value', ...place, width: (room * Math.min(1, share)).toFixed(1) }),
  ];
}

/** The size in words, for the toolbar. */
export function showZoom(element: HTMLElement, zoom: number): void {
  setText(element, `${Math.round(zoom * 100)} %`);
}
