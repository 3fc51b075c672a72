import {
  CHART_AGGREGATES,
  CHART_MARKS,
  CHART_UNITS,
  type ChartAggregate,
  type ChartMark,
  MAX_CHART_COLUMNS,
  type WireChartSpec,
} from '../../../server/protocol/chart.ts';
import type { WireColumn } from '../../../server/protocol/values.ts';
import { visible } from '../cellText.ts';
import { button, create, keepTypedKeys } from '../elements.ts';
import { columnRole } from './firstChart.ts';

const MARK_NAMES: Readonly<Record<ChartMark, string>> = {
  line: 'Line',
  area: 'Area',
  bar: 'Bar',
  scatter: 'Scatter',
  histogram: 'Histogram',
  heatmap: 'Heatmap',
  box: 'Box plot',
  pie: 'Pie',
};
const AGGREGATE_NAMES: Readonly<Record<ChartAggregate, string>> = {
  none: 'rows as they are',
  count: 'count',
  sum: 'sum',
  avg: 'average',
  min: 'lowest',
  max: 'highest',
  median: 'median',
};
const BINS: readonly number[] = [5, 10, 20, 50, 100];
const NO_COLUMN = '';
const MAX_NAME = 60;

/** The choices of a chart, each a list with its label. */
export class ChartControls {
  readonly element = create('form', 'kodiak-chart-controls');
  readonly #columns: readonly WireColumn[];
  readonly #changed: (spec: WireChartSpec) => void;
  #spec: WireChartSpec;

  constructor(columns: readonly WireColumn[], spec: WireChartSpec, changed: (spec: WireChartSpec) => void) {
    this.#columns = columns;
    this.#spec = spec;
    this.#changed = changed;
    this.element.setAttribute('aria-label', 'Chart');
    this.element.addEventListener('submit', (event) => event.preventDefault());
    keepTypedKeys(this.element);
    this.#build();
  }

  /** Shows other choices. */
  set(spec: WireChartSpec): void {
    this.#spec = spec;
    this.#build();
  }

  #change(spec: WireChartSpec): void {
    this.set(spec);
    this.#changed(spec);
  }

  /** Lists that were there stay where they are in the order of the keyboard: the one with the focus gets it back. */
  #build(): void {
    const focused = this.element.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset['name'] : undefined;
    this.element.replaceChildren(...this.#lists());
    if (focused !== undefined) this.element.querySelector<HTMLElement>(`[data-name="${focused}"]`)?.focus();
  }

  #lists(): HTMLElement[] {
    const { mark, x, y = [], color, facet, aggregate } = this.#spec;
    const takesY = mark !== 'histogram';
    const severalY = mark === 'line' || mark === 'area' || mark === 'bar';
    const lists = [
      list(
        'mark',
        'Mark',
        mark,
        CHART_MARKS.map((name) => [name, MARK_NAMES[name]]),
        (value) => this.#setMark(value as ChartMark),
      ),
      this.#column('x', mark === 'pie' ? 'Slices' : 'X', x, mark === 'box', (column) => this.#change(withColumn(this.#spec, 'x', column))),
    ];
    if (takesY) {
      const shown = severalY ? Math.min(MAX_CHART_COLUMNS, Math.max(1, y.length)) : 1;
      for (let index = 0; index < shown; index++) {
        const label = index === 0 ? 'Y' : `Y ${index + 1}`;
        const isOptional = index > 0 || aggregate === 'count';
        lists.push(this.#column(`y${index}`, label, y[index], isOptional, (column) => this.#setY(index, column)));
      }
      if (severalY && y.length > 0 && y.length < MAX_CHART_COLUMNS && color === undefined) lists.push(this.#addY());
    }
    if (mark !== 'pie' && mark !== 'box') {
      lists.push(this.#column('color', mark === 'heatmap' ? 'Colour by value' : 'Colour', color, true, (column) => this.#setColor(column)));
    }
    if (mark !== 'histogram' && mark !== 'box' && mark !== 'scatter') {
      const choices = CHART_AGGREGATES.filter((name) => name !== 'none' || (mark !== 'heatmap' && mark !== 'pie'));
      lists.push(
        list(
          'aggregate',
          'Aggregate',
          aggregate,
          choices.map((name) => [name, AGGREGATE_NAMES[name]]),
          (value) => this.#change({ ...this.#spec, aggregate: value as ChartAggregate }),
        ),
      );
    }
    const grouping = this.#grouping();
    if (grouping) lists.push(grouping);
    lists.push(this.#column('facet', 'Panels', facet, true, (column) => this.#change(withColumn(this.#spec, 'facet', column))));
    return lists;
  }

  #setMark(mark: ChartMark): void {
    const { aggregate, y = [], bins: _bins, unit: _unit, ...spec } = this.#spec;
    const isRaw = mark === 'scatter' || mark === 'box' || (aggregate === 'none' && (mark === 'line' || mark === 'area' || mark === 'bar'));
    const summed: ChartAggregate = aggregate === 'none' ? (y.length > 0 ? 'sum' : 'count') : aggregate;
    const first = firstNumber(this.#columns, spec.x);
    const needsY = (mark === 'scatter' || mark === 'box') && y.length === 0 && first !== undefined;
    const shown = needsY ? [first] : mark === 'line' || mark === 'area' || mark === 'bar' ? y : y.slice(0, 1);
    this.#change({
      ...spec,
      mark,
      ...(shown.length > 0 && { y: shown }),
      aggregate: isRaw ? 'none' : mark === 'histogram' ? 'count' : summed,
    });
  }

  #setY(index: number, column: number | undefined): void {
    const y = [...(this.#spec.y ?? [])];
    if (column === undefined) y.splice(index, 1);
    else y[index] = column;
    const { y: _, ...rest } = this.#spec;
    const role = columnRole(this.#columns[y[0] ?? -1]?.type ?? '');
    const { mark, aggregate } = rest;
    const sums = mark !== 'scatter' && mark !== 'box';
    // Rows are counted where there is nothing to sum up, and summed up once there is.
    const next: ChartAggregate = !sums
      ? aggregate
      : y.length === 0 || role !== 'number'
        ? 'count'
        : aggregate === 'count'
          ? 'sum'
          : aggregate;
    this.#change({ ...rest, ...(y.length > 0 && { y }), aggregate: next });
  }

  #setColor(column: number | undefined): void {
    const spec = withColumn(this.#spec, 'color', column);
    const { mark, aggregate, y = [] } = spec;
    if (mark !== 'heatmap') {
      this.#change(column !== undefined && y.length > 1 ? { ...spec, y: y.slice(0, 1) } : spec);
      return;
    }
    const isNumber = columnRole(this.#columns[column ?? -1]?.type ?? '') === 'number';
    this.#change({ ...spec, aggregate: isNumber ? (aggregate === 'count' ? 'avg' : aggregate) : 'count' });
  }

  #addY(): HTMLElement {
    const { y = [] } = this.#spec;
    const next = [...this.#columns.keys()].find((index) => columnRole(this.#columns[index]?.type ?? '') === 'number' && !y.includes(index));
    const add = button('kodiak-icon', '+', 'Add another column for Y', () => {
      if (next !== undefined) this.#change({ ...this.#spec, y: [...y, next] });
    });
    add.setAttribute('aria-label', 'Add another column for Y');
    add.dataset['name'] = 'add';
    add.disabled = next === undefined;
    return add;
  }

  /** Stretches of time, or bins of numbers, where x is cut into them. */
  #grouping(): HTMLElement | undefined {
    const { mark, x, aggregate, unit, bins } = this.#spec;
    const column = this.#columns[x ?? -1];
    const role = column && columnRole(column.type);
    const isRaw = mark === 'scatter' || ((mark === 'line' || mark === 'area') && aggregate === 'none');
    if (isRaw || mark === 'pie' || column === undefined) return undefined;
    const { unit: _unit, bins: _bins, ...rest } = this.#spec;
    if (role === 'time') {
      const units = column.type.startsWith('TIME') && !column.type.startsWith('TIMESTAMP') ? CHART_UNITS.slice(0, 3) : CHART_UNITS;
      const choices: [string, string][] = [['', 'automatic'], ...units.map((name): [string, string] => [name, name])];
      return list('unit', 'By', unit ?? '', choices, (value) =>
        this.#change(value === '' ? rest : { ...rest, unit: value as NonNullable<WireChartSpec['unit']> }),
      );
    }
    if (role !== 'number' || mark === 'line' || mark === 'area') return undefined;
    const counts = bins !== undefined && !BINS.includes(bins) ? [...BINS, bins] : BINS;
    const choices: [string, string][] = [['', 'automatic'], ...counts.map((count): [string, string] => [String(count), `about ${count}`])];
    return list('bins', 'Bins', bins === undefined ? '' : String(bins), choices, (value) =>
      this.#change(value === '' ? rest : { ...rest, bins: Number(value) }),
    );
  }

  #column(
    name: string,
    label: string,
    chosen: number | undefined,
    isOptional: boolean,
    choose: (column: number | undefined) => void,
  ): HTMLElement {
    const columns = [...this.#columns.entries()].filter(
      ([index, { type }]) => index === chosen || columnRole(type) !== 'none' || name === 'y0',
    );
    const choices = columns.map(([index, column]): [string, string] => [String(index), shortName(column.name, index)]);
    const none: [string, string][] = isOptional || chosen === undefined ? [[NO_COLUMN, 'none']] : [];
    return list(name, label, chosen === undefined ? NO_COLUMN : String(chosen), [...none, ...choices], (value) =>
      choose(value === NO_COLUMN ? undefined : Number(value)),
    );
  }
}

function firstNumber(columns: readonly WireColumn[], except: number | undefined): number | undefined {
  return [...columns.keys()].find((index) => index !== except && columnRole(columns[index]?.type ?? '') === 'number');
}

function withColumn(spec: WireChartSpec, channel: 'x' | 'color' | 'facet', column: number | undefined): WireChartSpec {
  const { [channel]: _, ...rest } = spec;
  // Bins and units are those of another column.
  const { bins: _bins, unit: _unit, ...uncut } = rest;
  return { ...(channel === 'x' ? uncut : rest), ...(column !== undefined && { [channel]: column }) };
}

function shortName(name: string, index: number): string {
  const characters = [...visible(name)];
  if (characters.length === 0) return `column ${index + 1}`;
  return characters.length > MAX_NAME ? `${characters.slice(0, MAX_NAME).join('')}…` : characters.join('');
}

/** Lists so far, whose ids must differ in a page. */
let lists = 0;

function list(
  name: string,
  label: string,
  chosen: string,
  choices: readonly (readonly [string, string])[],
  choose: (value: string) => void,
): HTMLElement {
  const field = create('div', 'kodiak-chart-field');
  const text = create('label', 'kodiak-chart-label');
  text.textContent = label;
  const select = create('select', 'kodiak-input');
  select.id = `kodiak-chart-list-${++lists}`;
  text.htmlFor = select.id;
  select.dataset['name'] = name;
  for (const [value, title] of choices) {
    const option = create('option', '');
    option.value = value;
    option.textContent = title;
    option.selected = value === chosen;
    select.append(option);
  }
  select.addEventListener('change', () => choose(select.value));
  field.append(text, select);
  return field;
}
