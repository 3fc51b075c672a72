import type { GraphCellState, GraphPageCell, GraphPageEdge, GraphPicture } from '../../../server/protocol/graphPage.ts';
import { create, svg } from '../elements.ts';
import { layOut } from './graphLayout.ts';

const SIGNS: Readonly<Record<GraphCellState, string>> = {
  neverRun: '○',
  running: '…',
  failed: '✗',
  done: '✓',
  fresh: '✓',
  stale: '⚠',
  unknown: '?',
};

/** Labels are for pictures that have room for them, and for lines along which something is passed on; the list below has all reasons. */
const MAX_LABELS = 40;
const MAX_LABEL = 34;

/** The picture of a notebook's cells and what each depends on, and the same as a list. */
export class GraphView {
  readonly element = create('main', 'graph');
  readonly #open: (cell: number) => void;
  readonly #title = create('h1', 'graph-title');
  readonly #canvas = create('div', 'graph-canvas');
  readonly #list = create('ul', 'graph-list');
  readonly #empty = create('p', 'graph-empty');
  readonly #picture: HTMLElement[];

  constructor(open: (cell: number) => void) {
    this.#open = open;
    const legend = create('p', 'graph-legend');
    legend.textContent =
      'A line leads from a cell to one that uses what it makes; a dashed one only keeps their order. Cells without a way between them run at the same time.';
    const scroll = create('div', 'graph-scroll');
    scroll.append(this.#canvas);
    const heading = create('h2', 'graph-heading');
    heading.textContent = 'As a list';
    this.#empty.textContent = 'The notebook has no cells that run.';
    this.#picture = [legend, scroll, heading, this.#list];
    this.element.append(this.#title, this.#empty, ...this.#picture);
  }

  show({ notebook, cells, edges }: GraphPicture): void {
    this.#title.textContent = `Dependencies of ${notebook}`;
    this.#empty.hidden = cells.length > 0;
    for (const part of this.#picture) part.hidden = cells.length === 0;
    const focused = focusedIndex(this.#canvas);
    this.#draw(cells, edges);
    const items = cells.map((cell, index) => this.#item(cell, index, cells, edges));
    const focusedItem = focusedIndex(this.#list);
    this.#list.replaceChildren(...items);
    if (focused !== undefined) this.#canvas.querySelector<HTMLElement>(`[data-cell="${focused}"]`)?.focus();
    if (focusedItem !== undefined) this.#list.querySelector<HTMLElement>(`[data-cell="${focusedItem}"]`)?.focus();
  }

  #draw(cells: readonly GraphPageCell[], edges: readonly GraphPageEdge[]): void {
    const layout = layOut(cells.length, edges);
    this.#canvas.style.width = `${layout.width}px`;
    this.#canvas.style.height = `${layout.height}px`;
    const lines = svg('svg', { class: 'graph-lines', width: String(layout.width), height: String(layout.height), 'aria-hidden': 'true' });
    const parts: { readonly edge: GraphPageEdge; readonly elements: readonly SVGElement[] }[] = [];
    lines.append(arrow());
    for (const [index, edge] of edges.entries()) {
      const line = layout.lines[index];
      if (!line) continue;
      const path = svg('path', { class: 'graph-line', d: line.path, 'data-flow': String(edge.flow), 'marker-end': 'url(#graph-arrow)' });
      const label = svg('text', { class: 'graph-label', x: String(line.labelX), y: String(line.labelY) });
      label.textContent = edge.flow && edges.length <= MAX_LABELS ? short(edge.reason) : '';
      lines.append(path, label);
      parts.push({ edge, elements: [path, label] });
    }
    const boxes = cells.map((cell, index) => {
      const box = layout.boxes[index];
      const element = create('button', 'graph-cell');
      element.type = 'button';
      element.dataset['cell'] = String(index);
      element.dataset['state'] = cell.state;
      element.style.left = `${box?.x ?? 0}px`;
      element.style.top = `${box?.y ?? 0}px`;
      element.style.width = `${box?.width ?? 0}px`;
      element.style.height = `${box?.height ?? 0}px`;
      element.title = `${cell.detail}\n${cell.text}`;
      element.setAttribute('aria-label', [`${cell.name}, ${cell.detail}`, ...reasonsOf(index, cells, edges)].join('. '));
      element.append(line('graph-name', cell.name), line('graph-state', `${SIGNS[cell.state]} ${cell.detail}`));
      element.addEventListener('click', () => this.#open(index));
      const mark = (near: boolean) => {
        for (const part of parts) {
          const isNear = near && (part.edge.from === index || part.edge.to === index);
          for (const one of part.elements) one.setAttribute('data-near', String(isNear));
        }
      };
      for (const event of ['mouseenter', 'focus']) element.addEventListener(event, () => mark(true));
      for (const event of ['mouseleave', 'blur']) element.addEventListener(event, () => mark(false));
      return element;
    });
    this.#canvas.replaceChildren(lines, ...boxes);
  }

  #item(cell: GraphPageCell, index: number, cells: readonly GraphPageCell[], edges: readonly GraphPageEdge[]): HTMLElement {
    const item = create('li', 'graph-item');
    const open = create('button', 'graph-open');
    open.type = 'button';
    open.dataset['cell'] = String(index);
    open.textContent = cell.name;
    open.addEventListener('click', () => this.#open(index));
    const state = document.createElement('span');
    state.textContent = ` ${SIGNS[cell.state]} ${cell.detail}`;
    item.append(open, state);
    const reasons = reasonsOf(index, cells, edges);
    if (reasons.length > 0) {
      const list = document.createElement('ul');
      list.append(...reasons.map((reason) => line('graph-reason', reason, 'li')));
      item.append(list);
    }
    return item;
  }
}

/** `It reads main.orders, which cell 1 writes` */
function reasonsOf(index: number, cells: readonly GraphPageCell[], edges: readonly GraphPageEdge[]): string[] {
  return edges.filter(({ to, from }) => to === index && cells[from] !== undefined).map(({ reason }) => `It ${reason}`);
}

function line(className: string, text: string, name: 'span' | 'li' = 'span'): HTMLElement {
  const element = create(name, className);
  element.textContent = text;
  return element;
}

function short(reason: string): string {
  const text = reason.replace(/, (?:which|as) .*$/, '');
  return text.length <= MAX_LABEL ? text : `${text.slice(0, MAX_LABEL - 1)}…`;
}

function arrow(): SVGElement {
  const marker = svg('marker', {
    id: 'graph-arrow',
    viewBox: '0 0 8 8',
    refX: '7',
    refY: '4',
    markerWidth: '8',
    markerHeight: '8',
    orient: 'auto',
  });
  marker.append(svg('path', { class: 'graph-arrow', d: 'M 0 0 L 8 4 L 0 8 z' }));
  const definitions = svg('defs', {});
  definitions.append(marker);
  return definitions;
}

/** Which cell of a part of the page has the focus. */
function focusedIndex(part: HTMLElement): string | undefined {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement && part.contains(activeElement) ? activeElement.dataset['cell'] : undefined;
}
