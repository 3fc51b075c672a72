import type { ChartAggregate, WireChartAxis, WireChartDrawing } from '../../../server/protocol/chart.ts';
import { axisLabels, axisTitle } from './chartText.ts';

/** A part of a Vega-Lite specification. */
export type Spec = Readonly<Record<string, unknown>>;

/** One mark: fields by their role, never by a name of the result, and `r`, its row in the drawing. */
export type Mark = Readonly<Record<string, number | string | null>>;

export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Series differ by dashes and shapes, too, for those who see few colours. */
  readonly highContrast: boolean;
}

export interface VegaSpec {
  readonly spec: Spec;
  /** Taller than the canvas where many bars need room. */
  readonly height: number;
}

const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';
const BAR_ROOM = 18;
const AXIS_ROOM = 60;
const MIN_PANEL = 150;
/** Bars lie down when their labels would not fit below them. */
const MAX_STANDING = 12;
const MAX_STANDING_LABEL = 10;
const LABEL_LIMIT = 180;
const ADDITIVE: ReadonlySet<ChartAggregate> = new Set(['count', 'sum', 'none']);

/** The specification of a chart on a canvas of this size. No text of the result is in it but as data, a title or a label. */
export function vegaSpec(chart: WireChartDrawing, aggregate: ChartAggregate, canvas: Canvas): VegaSpec {
  const marks = chartMarks(chart);
  const { facet } = chart.axes;
  const bars = lyingBars(chart);
  const height = bars === 0 ? canvas.height : Math.max(canvas.height, bars * BAR_ROOM + AXIS_ROOM);
  if (facet === undefined) {
    const spec = { $schema: SCHEMA, width: canvas.width, height, autosize: { type: 'fit', contains: 'padding' }, data: { values: marks } };
    return { spec: { ...spec, ...unit(chart, aggregate, canvas.highContrast) }, height };
  }
  const labels = axisLabels(facet);
  const present = labels.filter((label) => marks.some((mark) => mark['facet'] === label));
  const columns = Math.max(1, Math.min(present.length, 4, Math.floor(canvas.width / 220)));
  const legend = chart.axes.color || chart.axes.value ? 110 : 0;
  const panel = {
    width: Math.max(80, Math.floor((canvas.width - legend) / columns) - labelRoom(chart)),
    height: Math.max(MIN_PANEL, bars * BAR_ROOM),
  };
  const rows = Math.ceil(present.length / columns);
  const concat = present.map((label) => ({
    title: { text: label, fontSize: 12, anchor: 'middle' },
    data: { values: marks.filter((mark) => mark['facet'] === label) },
    ...panel,
    ...unit(chart, aggregate, canvas.highContrast),
  }));
  const resolve = { scale: { x: 'shared', y: 'shared', color: 'shared' } };
  return { spec: { $schema: SCHEMA, concat, columns, resolve }, height: Math.max(canvas.height, rows * (panel.height + 80)) };
}

/** The rows of a drawing by role, with categories as their labels. */
export function chartMarks({ axes, fields, rows }: WireChartDrawing): Mark[] {
  const labels = {
    facet: axes.facet && axisLabels(axes.facet),
    color: axes.color && axisLabels(axes.color),
    x: categoryLabels(axes.x),
    y: categoryLabels(axes.y),
  };
  return rows.map((row, index) => {
    const mark: Record<string, number | string | null> = { r: index };
    for (const [place, field] of fields.entries()) {
      const value = row[place] ?? null;
      const names =
        field === 'x2' ? labels.x : field === 'y2' ? labels.y : field in labels ? labels[field as keyof typeof labels] : undefined;
      mark[field] = names === undefined ? value : (names[Number(value)] ?? null);
    }
    return mark;
  });
}

function categoryLabels(axis: WireChartAxis | undefined): readonly string[] | undefined {
  return axis?.kind === 'category' ? axisLabels(axis) : undefined;
}

/** How many bars lie on top of each other; 0 where bars stand, or there are none. */
function lyingBars({ mark, axes: { x } }: WireChartDrawing): number {
  if ((mark !== 'bar' && mark !== 'box') || x?.kind !== 'category') return 0;
  const labels = axisLabels(x);
  const isWide = labels.length > MAX_STANDING || (labels.length > 4 && labels.some((label) => label.length > MAX_STANDING_LABEL));
  return isWide ? labels.length : 0;
}

/** Beside a panel, for the labels of its axis. */
function labelRoom(chart: WireChartDrawing): number {
  const beside = chart.mark === 'heatmap' ? chart.axes.y : lyingBars(chart) > 0 ? chart.axes.x : undefined;
  const longest = beside?.kind === 'category' ? Math.max(0, ...axisLabels(beside).map((label) => label.length)) : 5;
  return Math.min(LABEL_LIMIT, longest * 7) + 40;
}

function unit(chart: WireChartDrawing, aggregate: ChartAggregate, highContrast: boolean): Spec {
  const { mark, axes } = chart;
  const color = axes.color && nominal('color', axes.color);
  const split = color ? { color } : {};
  switch (mark) {
    case 'line':
    case 'area':
      return lines(chart, aggregate, highContrast);
    case 'bar':
    case 'histogram':
      return bars(chart, aggregate);
    case 'scatter':
      return {
        mark: {
          type: 'point',
          filled: !highContrast,
          size: chart.rows.length > 1000 ? 16 : 36,
          opacity: chart.rows.length > 500 ? 0.6 : 0.85,
        },
        encoding: {
          ...position('x', axes.x),
          ...position('y', axes.y),
          ...(axes.value ? { color: quantity('value', axes.value, true) } : split),
          ...(highContrast && color ? { shape: nominal('color', axes.color) } : {}),
        },
      };
    case 'heatmap':
      return {
        mark: { type: 'rect' },
        encoding: { ...stretch('x', axes.x), ...stretch('y', axes.y), color: quantity('value', axes.value, true) },
      };
    case 'box':
      return boxes(chart);
    case 'pie':
      return {
        mark: { type: 'arc', strokeWidth: 1 },
        encoding: {
          theta: { field: 'y', type: 'quantitative', stack: true },
          order: { field: 'r', type: 'quantitative' },
          color: { field: 'x', type: 'nominal', title: axisTitle(axes.x), scale: { domain: axisLabels(axes.x ?? NO_AXIS) }, sort: null },
        },
      };
  }
}

const NO_AXIS: WireChartAxis = { title: '', kind: 'category' };

function lines({ mark, axes, rows }: WireChartDrawing, aggregate: ChartAggregate, highContrast: boolean): Spec {
  const color = axes.color && nominal('color', axes.color);
  // Averages of parts do not add up to that of the whole, and single rows have no common places.
  const isStacked = mark === 'area' && (aggregate === 'sum' || aggregate === 'count') && axes.color?.title !== '';
  const few = rows.length <= 60;
  return {
    mark: {
      type: mark,
      // What can be pointed at.
      point: few && mark === 'line' ? { filled: true, size: 28 } : { filled: true, size: 40, opacity: 0 },
      ...(mark === 'area' && { line: true, fillOpacity: isStacked ? 0.75 : 0.3 }),
      strokeWidth: rows.length > 1500 ? 1 : 1.75,
    },
    encoding: {
      ...position('x', axes.x),
      y: { ...position('y', axes.y)['y'], ...(mark === 'area' && { stack: isStacked ? 'zero' : null, scale: { zero: true } }) },
      ...(color ? { color } : {}),
      ...(color && highContrast && mark === 'line' ? { strokeDash: nominal('color', axes.color) } : {}),
    },
  };
}

function bars(chart: WireChartDrawing, aggregate: ChartAggregate): Spec {
  const { axes } = chart;
  const { x, color } = axes;
  const lies = lyingBars(chart) > 0;
  const isCategory = x?.kind === 'category';
  const isSeries = color?.title === '';
  const stacks = color !== undefined && ADDITIVE.has(aggregate) && !isSeries;
  const measure = { ...quantity('y', axes.y, false), scale: { zero: true }, stack: stacks ? 'zero' : null };
  const places = isCategory ? { x: category('x', x) } : stretch('x', x);
  const dodge = color !== undefined && !stacks && isCategory;
  const offset = dodge ? { [lies ? 'yOffset' : 'xOffset']: nominal('color', color) } : {};
  return {
    mark: { type: 'bar', ...(color !== undefined && !stacks && !dodge && { opacity: 0.6 }), ...(!isCategory && { binSpacing: 1 }) },
    encoding: lies
      ? { y: places['x'], x: measure, ...offset, ...(color && { color: nominal('color', color) }) }
      : { ...places, y: measure, ...offset, ...(color && { color: nominal('color', color) }) },
  };
}

function boxes(chart: WireChartDrawing): Spec {
  const { axes } = chart;
  const lies = lyingBars(chart) > 0;
  const [across, along, end] = lies ? ['y', 'x', 'x2'] : ['x', 'y', 'y2'];
  const isCategory = axes.x?.kind === 'category';
  const place = isCategory ? category('x', axes.x) : position('x', axes.x)['x'];
  const scale = { zero: false };
  const title = axisTitle(axes.y);
  const from = (field: string) => ({ field, type: 'quantitative', title, scale });
  const size = Math.max(4, Math.min(30, 500 / Math.max(1, chart.rows.length)));
  const layer = (mark: Spec, encoding: Spec) => ({ mark, encoding: { [String(across)]: place, ...encoding } });
  return {
    layer: [
      layer({ type: 'rule' }, { [String(along)]: from('low'), [String(end)]: { field: 'high' } }),
      layer({ type: 'bar', size, fillOpacity: 0.6, strokeWidth: 1 }, { [String(along)]: from('q1'), [String(end)]: { field: 'q3' } }),
      layer({ type: 'tick', size, thickness: 2 }, { [String(along)]: from('median') }),
      layer({ type: 'point', size: 14 }, { [String(along)]: from('y') }),
    ],
  };
}

/** A place on an axis. */
function position(channel: 'x' | 'y', axis: WireChartAxis | undefined): Record<string, Spec> {
  if (axis?.kind === 'category') return { [channel]: category(channel, axis) };
  if (axis?.kind === 'number') return { [channel]: { ...quantity(channel, axis, false), scale: { zero: false } } };
  return { [channel]: time(channel, axis) };
}

/** From where to where on an axis. */
function stretch(channel: 'x' | 'y', axis: WireChartAxis | undefined): Record<string, Spec> {
  if (axis === undefined || axis.kind === 'category') return { [channel]: category(channel, axis) };
  const end = { [`${channel}2`]: { field: `${channel}2` } };
  if (axis.kind === 'number') return { [channel]: { ...quantity(channel, axis, false), bin: 'binned', scale: { zero: false } }, ...end };
  // Without `binned` Vega-Lite would take the stretch for the length of a bar that lies.
  return { [channel]: { ...time(channel, axis), bin: 'binned' }, ...end };
}

/** Texts of NULL, of times and of categories are made here; Vega sees labels and numbers only. */
function category(field: string, axis: WireChartAxis | undefined): Spec {
  const labels = axis ? axisLabels(axis) : [];
  return {
    field,
    type: 'nominal',
    title: axisTitle(axis),
    sort: null,
    scale: { domain: labels },
    axis: { labelLimit: LABEL_LIMIT, ...(field === 'x' && labels.length <= 4 && { labelAngle: 0 }) },
  };
}

function nominal(field: string, axis: WireChartAxis | undefined): Spec {
  return { field, type: 'nominal', title: axisTitle(axis) || null, sort: null, scale: { domain: axis ? axisLabels(axis) : [] } };
}

function quantity(field: string, axis: WireChartAxis | undefined, isColor: boolean): Spec {
  return { field, type: 'quantitative', title: axisTitle(axis), ...(isColor && { scale: { zero: false } }) };
}

/** In UTC, as DuckDB keeps and the table shows times. */
function time(field: string, axis: WireChartAxis | undefined): Spec {
  const format = axis?.kind === 'clock' ? { format: '%H:%M' } : axis?.unit === 'year' ? { format: '%Y' } : {};
  return { field, type: 'temporal', title: axisTitle(axis), scale: { type: 'utc' }, axis: { labelOverlap: true, ...format } };
}
