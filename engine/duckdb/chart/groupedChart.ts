import type { ChartAnswer, ChartAxis, ChartField, ChartSpec } from '../../types.ts';
import { type ChartColumn, labelText } from './chartColumn.ts';
import { formatted, rowsText } from './chartNotes.ts';
import { alignedUnit } from './chartScale.ts';
import { type ChartSource, columnAt, MAX_FACETS, MAX_MARKS, MAX_SERIES, optionalColumn } from './chartSource.ts';
import { type GroupKey, type GroupRow, type Groups, groupRows, type KeyLabels, type Measure } from './groupRows.ts';
import { type AxisWish, axisOf, type PlacedAxis, placeAxis, span } from './placeAxis.ts';

/** Sums and counts of more slices cannot be told apart. */
const MAX_SLICES = 20;
const MAX_BARS = 50;
const MAX_HEAT = 50;
const HISTOGRAM_BINS = 30;
const MAX_LINE_PLACES = 1000;
/** A chart with too many marks is cut into fewer bins or stretches, so often, and then drawn unless there are very many. */
const MAX_TURNS = 2;
const MOST_MARKS = 2 * MAX_MARKS;
const MIN_PLACES = 10;
/** Above this many rows quantiles are estimated. */
const MAX_EXACT_ROWS = 1_000_000;
/** Doubles hold whole numbers up to here, and decimals with a few digits behind the point. */
const MAX_EXACT = 2 ** 53;
const MAX_EXACT_DECIMAL = 1e12;

type Grouped = 'line' | 'area' | 'bar' | 'histogram' | 'heatmap' | 'pie';

const WISHES: Readonly<Record<Grouped, Omit<AxisWish, 'share' | 'spec'>>> = {
  line: { maxPlaces: MAX_LINE_PLACES, maxNumbers: MAX_LINE_PLACES, bins: 200, maxDiscrete: 0 },
  area: { maxPlaces: MAX_LINE_PLACES, maxNumbers: MAX_LINE_PLACES, bins: 200, maxDiscrete: 0 },
  bar: { maxPlaces: MAX_BARS, maxNumbers: 0, bins: HISTOGRAM_BINS, maxDiscrete: 60 },
  histogram: { maxPlaces: 100, maxNumbers: 0, bins: HISTOGRAM_BINS, maxDiscrete: 0 },
  heatmap: { maxPlaces: MAX_HEAT, maxNumbers: 0, bins: MAX_HEAT, maxDiscrete: MAX_HEAT },
  pie: { maxPlaces: MAX_SLICES, maxNumbers: 0, bins: MAX_SLICES, maxDiscrete: MAX_SLICES },
};

/** Draws what is summed up by groups of rows. */
export async function groupedChart(source: ChartSource, spec: ChartSpec): Promise<ChartAnswer> {
  const mark = spec.mark as Grouped;
  const ys = mark === 'heatmap' ? [] : (spec.y ?? []).map((index) => columnAt(source, index));
  const value = mark === 'heatmap' ? optionalColumn(source, spec.color) : ys[0];
  const aggregate = mark === 'histogram' || value === undefined ? 'count' : spec.aggregate;
  const measured = mark === 'histogram' ? [] : mark === 'heatmap' ? (value ? [value] : []) : ys;
  let measures = measuresOf(measured, aggregate, source.rowCount, false);
  let placed = await placeAll(source, spec, mark, 1);
  for (const axis of placed.axes) if (axis.empty !== undefined) return { kind: 'refused', reason: axis.empty };
  const grouped = () =>
    groupRows(
      source,
      placed.axes.map(({ key }) => key),
      measures,
    );
  let groups = await grouped();
  // Few results have NaN or infinities: only then is each value looked at.
  if (groups.rows.some(({ isOdd }) => isOdd)) {
    measures = measuresOf(measured, aggregate, source.rowCount, true);
    groups = await grouped();
  }
  for (let share = 1, turn = 0; groups.rows.length > MAX_MARKS && turn < MAX_TURNS; turn++) {
    share *= (0.9 * MAX_MARKS) / groups.rows.length;
    placed = await placeAll(source, spec, mark, share);
    groups = await grouped();
  }
  if (groups.rows.length > MOST_MARKS) {
    return { kind: 'refused', reason: 'This chart would have too many marks: choose fewer colours, panels, bins or stretches of time.' };
  }
  const { x, y, color, facet } = placed;
  const problem = refusal({ spec, mark, aggregate, groups, places: placed.axes.indexOf(x), title: x.key.column.title });
  if (problem) return problem;
  const drawn = new GroupedRows(placed, groups, measured.length);
  const notes = [
    ...placed.axes.flatMap((axis) => axis.notes),
    ...drawn.notes(),
    ...oddNotes(measured, groups, measures.length),
    ...(aggregate === 'median' && source.rowCount > MAX_EXACT_ROWS ? ['Medians are estimated (t-digest).'] : []),
  ];
  return {
    kind: 'drawn',
    mark,
    axes: {
      ...(facet && { facet: axisOf(facet, drawn.labels(facet)) }),
      ...(color && { color: axisOf(color, drawn.labels(color)) }),
      ...(measured.length > 1 && { color: seriesAxis(measured) }),
      x: drawn.axis(x),
      ...(y && { y: drawn.axis(y) }),
      [y ? 'value' : 'y']: { title: valueTitle(measured, aggregate), kind: 'number' } satisfies ChartAxis,
    },
    fields: drawn.fields,
    rows: drawn.rows(),
    notes,
    rowCount: source.rowCount,
  };
}

interface Placed {
  readonly x: PlacedAxis;
  readonly y: PlacedAxis | undefined;
  readonly color: PlacedAxis | undefined;
  readonly facet: PlacedAxis | undefined;
  readonly axes: readonly PlacedAxis[];
}

async function placeAll(source: ChartSource, spec: ChartSpec, mark: Grouped, share: number): Promise<Placed> {
  const isSplit = spec.facet !== undefined || spec.color !== undefined;
  const base = WISHES[mark];
  // Several series share the marks that there may be.
  const most = isSplit && base.maxPlaces > MAX_MARKS / MAX_SERIES ? Math.floor(MAX_MARKS / MAX_SERIES) : base.maxPlaces;
  const fewer = (count: number) => Math.max(MIN_PLACES, Math.floor(count * share));
  const wish: AxisWish = { ...base, spec, maxPlaces: fewer(most), maxNumbers: share < 1 ? 0 : base.maxNumbers, share };
  const split = (index: number | undefined, limit: number): PlacedAxis | undefined => {
    const column = optionalColumn(source, index);
    if (!column) return undefined;
    const key: GroupKey = { column, sql: column.key, isCategory: true, limit, rank: 'rows' };
    return { key, unit: undefined, step: undefined, notes: [], empty: undefined };
  };
  const x = await placeAxis(source, columnAt(source, spec.x ?? 0), wish);
  const yIndex = spec.y?.[0];
  const y = mark === 'heatmap' && yIndex !== undefined ? await placeAxis(source, columnAt(source, yIndex), wish) : undefined;
  const color = mark === 'heatmap' ? undefined : split(spec.color, MAX_SERIES);
  const facet = split(spec.facet, MAX_FACETS);
  return { x, y, color, facet, axes: [facet, color, x, y].filter((axis) => axis !== undefined) };
}

/** The aggregates, and behind them a count of values that are no numbers for each column that may have some. */
function measuresOf(columns: readonly ChartColumn[], aggregate: ChartSpec['aggregate'], rowCount: number, isGuarded: boolean): Measure[] {
  if (columns.length === 0) return [{ sql: 'count(*)', exactAbove: undefined }];
  const isMedian = aggregate === 'median';
  const main = columns.map(({ measure: guarded, name, family }): Measure => {
    const measure = family === 'float' && !isGuarded && !isMedian ? name : guarded;
    const exactAbove = family === 'integer' ? MAX_EXACT : family === 'decimal' ? MAX_EXACT_DECIMAL : undefined;
    switch (aggregate) {
      case 'count':
        return { sql: `count(${name})`, exactAbove: undefined };
      case 'none':
        return { sql: `any_value(${measure})`, exactAbove };
      case 'median':
        return { sql: rowCount > MAX_EXACT_ROWS ? `approx_quantile(${measure}, 0.5)` : `median(${measure})`, exactAbove: undefined };
      case 'avg':
        return { sql: `avg(${measure})`, exactAbove: undefined };
      default:
        return { sql: `${aggregate}(${measure})`, exactAbove };
    }
  });
  const odd = columns
    .filter(({ family }) => family === 'float' && aggregate !== 'count' && (isGuarded || isMedian))
    .map(({ name, measure }): Measure => ({ sql: `count(${name}) - count(${measure})`, exactAbove: undefined }));
  return [...main, ...odd];
}

function oddNotes(columns: readonly ChartColumn[], { rows }: Groups, measureCount: number): string[] {
  const floats = columns.filter(({ family }) => family === 'float');
  const first = columns.length;
  if (measureCount <= first) return [];
  return floats.flatMap(({ title }, index) => {
    const odd = rows.reduce((sum, { values }) => sum + (values[first + index] ?? 0), 0);
    return odd === 0 ? [] : [`${rowsText(odd)} with NaN or infinity in ${title} ${odd === 1 ? 'is' : 'are'} left out.`];
  });
}

function valueTitle(columns: readonly ChartColumn[], aggregate: ChartSpec['aggregate']): string {
  const names = columns.map(({ title }) => title).join(', ');
  if (columns.length === 0) return 'rows';
  return aggregate === 'none' ? names : `${AGGREGATE_WORDS[aggregate]} ${names}`;
}

const AGGREGATE_WORDS = {
  count: 'count of',
  sum: 'sum of',
  avg: 'average of',
  min: 'lowest',
  max: 'highest',
  median: 'median of',
} as const;

function seriesAxis(columns: readonly ChartColumn[]): ChartAxis {
  return { title: '', kind: 'category', labels: columns.map(({ title }) => labelText(title)), hasOther: false };
}

interface Judged {
  readonly spec: ChartSpec;
  readonly mark: Grouped;
  readonly aggregate: ChartSpec['aggregate'];
  readonly groups: Groups;
  /** Where the axis stands among the keys. */
  readonly places: number;
  readonly title: string;
}

/** What only the values can tell. */
function refusal({ spec, mark, aggregate, groups, places, title }: Judged): ChartAnswer | undefined {
  const { rows } = groups;
  const labels: KeyLabels | undefined = groups.labels[places];
  if (rows.length === 0) return { kind: 'refused', reason: 'The result has no rows: there is nothing to draw.' };
  if (rows.every(({ values }) => values[0] === null)) {
    return { kind: 'refused', reason: 'There is no number to draw: every value is NULL, NaN or infinite. Choose another column for y.' };
  }
  if (aggregate === 'none' && rows.some(({ count }) => count > 1)) {
    const most = Math.max(...rows.map(({ count }) => count));
    const instead: ChartSpec = { ...spec, aggregate: 'sum' };
    return {
      kind: 'refused',
      reason: `Up to ${rowsText(most)} share one value of ${title}: choose how to put them together, such as their sum or average.`,
      instead,
    };
  }
  if (mark !== 'pie') return undefined;
  const instead: ChartSpec = { ...spec, mark: 'bar' };
  if (labels?.hasOther || rows.length > MAX_SLICES) {
    const slices = formatted(labels?.total ?? rows.length);
    return { kind: 'refused', reason: `Nobody can compare a pie's ${slices} slices: a bar chart shows the largest of them.`, instead };
  }
  if (rows.some(({ values }) => (values[0] ?? 0) < 0)) {
    return { kind: 'refused', reason: 'A pie shows parts of a whole, and some values are negative: a bar chart can show them.', instead };
  }
  if (rows.every(({ values }) => !values[0])) {
    return { kind: 'refused', reason: 'A pie shows parts of a whole, and the whole is 0: a bar chart can show it.', instead };
  }
  return undefined;
}

/** Groups as rows of a drawing. */
class GroupedRows {
  readonly fields: readonly ChartField[];
  readonly #placed: Placed;
  readonly #groups: Groups;
  readonly #series: number;

  constructor(placed: Placed, groups: Groups, series: number) {
    const { facet, color, x, y } = placed;
    this.#groups = groups;
    this.#series = Math.max(1, series);
    this.#placed = { ...placed, x: coarser(x, groups, placed), ...(y && { y: coarser(y, groups, placed) }) };
    this.fields = [
      ...(facet ? (['facet'] as const) : []),
      ...(color || series > 1 ? (['color'] as const) : []),
      'x',
      'x2',
      ...(y ? (['y', 'y2', 'value'] as const) : (['y'] as const)),
      'exact',
    ];
  }

  labels(axis: PlacedAxis): KeyLabels | undefined {
    return this.#groups.labels[this.#index(axis.key)];
  }

  axis(axis: PlacedAxis): ChartAxis {
    const now = axis.key === this.#placed.x.key ? this.#placed.x : (this.#placed.y ?? axis);
    return axisOf(now, this.labels(axis));
  }

  notes(): string[] {
    return this.#placed.axes.flatMap((axis) => {
      const labels = this.labels(axis);
      if (!labels?.hasOther) return [];
      const { title } = axis.key.column;
      const [shown, all] = [labels.keys.length, labels.total];
      return [
        `${formatted(shown)} of ${formatted(all)} values of ${title} are shown by themselves, the other ${formatted(all - shown)} as one.`,
      ];
    });
  }

  rows(): (number | string | null)[][] {
    const { facet, color, x, y } = this.#placed;
    const rows = this.#groups.rows.flatMap((group) =>
      Array.from({ length: this.#series }, (_, series) => {
        const place = (axis: PlacedAxis) => group.keys[this.#index(axis.key)] ?? 0;
        const value = group.values[series] ?? null;
        const row: (number | string | null)[] = [];
        if (facet) row.push(place(facet));
        if (color) row.push(place(color));
        else if (this.#series > 1) row.push(series);
        row.push(...span(x, place(x)));
        if (y) row.push(...span(y, place(y)));
        row.push(value, group.exact[series] ?? null);
        return { row, isDrawn: value !== null };
      }),
    );
    const at = this.fields.indexOf('x');
    const drawn = rows.filter(({ isDrawn }) => isDrawn).map(({ row }) => row);
    return drawn.sort((a, b) => Number(a[at]) - Number(b[at]));
  }

  #index(key: GroupKey): number {
    return this.#placed.axes.findIndex((axis) => axis.key === key);
  }
}

/** Days that are all firsts of months stand for months. */
function coarser(axis: PlacedAxis, groups: Groups, { axes }: Placed): PlacedAxis {
  if (axis.unit === undefined) return axis;
  const index = axes.findIndex(({ key }) => key === axis.key);
  const starts = groups.rows.map(({ keys }: GroupRow) => keys[index] ?? 0);
  return { ...axis, unit: alignedUnit(starts, axis.unit) };
}
