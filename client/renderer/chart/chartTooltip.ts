import type { ChartField, WireChartDrawing } from '../../../server/protocol/chart.ts';
import { create } from '../elements.ts';
import { axisTitle, placeText } from './chartText.ts';

const OFFSET = 12;
const BOX_FIELDS: readonly ChartField[] = ['high', 'q3', 'median', 'q1', 'low'];

/** What the mark under the pointer says, as text. */
export class ChartTooltip {
  readonly #host: HTMLElement;
  readonly #element = create('div', 'kodiak-chart-tooltip');

  constructor(host: HTMLElement) {
    this.#host = host;
    this.#element.hidden = true;
    // The description of the chart says it for those who do not point.
    this.#element.setAttribute('aria-hidden', 'true');
    host.append(this.#element);
  }

  show(event: MouseEvent, value: unknown, chart: WireChartDrawing): void {
    const row = typeof value === 'object' && value !== null && 'r' in value ? chart.rows[Number(value.r)] : undefined;
    if (row === undefined) {
      this.hide();
      return;
    }
    this.#element.replaceChildren(
      ...tooltipLines(chart, row).map(({ name, text }) => {
        const line = create('div', 'kodiak-chart-tooltip-line');
        const [title, said] = [create('span', 'kodiak-chart-tooltip-name'), create('span', 'kodiak-chart-tooltip-text')];
        title.textContent = name;
        said.textContent = text;
        line.append(title, said);
        return line;
      }),
    );
    this.#element.hidden = false;
    this.#place(event);
  }

  hide(): void {
    this.#element.hidden = true;
  }

  #place(event: MouseEvent): void {
    const area = this.#host.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.#element;
    const [x, y] = [event.clientX - area.left, event.clientY - area.top];
    const left = x + OFFSET + offsetWidth > area.width ? x - OFFSET - offsetWidth : x + OFFSET;
    const top = y + OFFSET + offsetHeight > area.height ? y - OFFSET - offsetHeight : y + OFFSET;
    this.#element.style.left = `${Math.max(0, left)}px`;
    this.#element.style.top = `${Math.max(0, top)}px`;
  }
}

/** The values of a mark with what they are. */
export function tooltipLines(
  { axes, fields, mark }: WireChartDrawing,
  row: readonly (number | string | null)[],
): { name: string; text: string }[] {
  const at = (field: ChartField) => row[fields.indexOf(field)] ?? null;
  const has = (field: ChartField) => fields.includes(field);
  const lines: { name: string; text: string }[] = [];
  const { x, y, value, color, facet } = axes;
  if (facet) lines.push({ name: axisTitle(facet), text: placeText(facet, at('facet')) });
  if (x && axisTitle(x) !== '') {
    const isBin = x.kind === 'number' && has('x2') && at('x2') !== at('x');
    lines.push({ name: axisTitle(x), text: isBin ? `${placeText(x, at('x'))} to ${placeText(x, at('x2'))}` : placeText(x, at('x')) });
  }
  if (color && axisTitle(color) !== '') lines.push({ name: axisTitle(color), text: placeText(color, at('color')) });
  const series = color && axisTitle(color) === '' ? placeText(color, at('color')) : undefined;
  if (mark === 'box' && y) {
    if (at('y') !== null) lines.push({ name: axisTitle(y), text: placeText(y, at('y')) });
    else
      for (const field of BOX_FIELDS)
        lines.push({ name: field === 'low' ? 'lower whisker' : field === 'high' ? 'upper whisker' : field, text: placeText(y, at(field)) });
  } else if (y) {
    const exact = has('exact') && !value ? at('exact') : null;
    const isBin = y.kind === 'number' && has('y2') && at('y2') !== at('y');
    const text = exact !== null ? String(exact) : isBin ? `${placeText(y, at('y'))} to ${placeText(y, at('y2'))}` : placeText(y, at('y'));
    lines.push({ name: series ?? axisTitle(y), text });
  }
  if (value)
    lines.push({
      name: axisTitle(value),
      text: mark === 'heatmap' && at('exact') !== null ? String(at('exact')) : placeText(value, at('value')),
    });
  return lines;
}
