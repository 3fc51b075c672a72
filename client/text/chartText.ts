import type { ChartField, WireChartDrawing } from '../../server/protocol/chart.ts';
import {
  atBothEnds,
  axisText,
  type Extent,
  extent,
  groupsOf,
  numberOf,
  numberText,
  type Point,
  placeIn,
  rangeText,
  titleText,
} from './chartAxisText.ts';
import { boxLines } from './chartBoxes.ts';
import { heatLines } from './chartHeat.ts';
import { cutToWidth, displayWidth, fitToWidth, visible } from './displayText.ts';
import { DotCanvas } from './dotCanvas.ts';
import type { Style } from './style.ts';

export interface ChartFrame {
  /** Columns of characters. */
  readonly width: number;
  /** Lines that a picture of lines or points may take. */
  readonly height: number;
  readonly style: Style;
}

/** Bars that are drawn at most; of more the first. */
const MAX_BARS = 60;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const LEAST_BAR = 10;
const LEAST_PLOT = 4;

/**
 * A chart in characters: bars to the right for categories and bins, boxes that lie, shades for heatmaps, dots for lines, areas and points.
 * Series stand below each other
 * under their names, on one scale, so that nothing depends on colours.
 */
export function chartText(chart: WireChartDrawing, frame: ChartFrame): string[] {
  const points = chart.rows.map((row): Point => Object.fromEntries(chart.fields.map((field: ChartField, at) => [field, row[at] ?? null])));
  const parts = groupsOf(points, 'facet').flatMap(([facet, shown]) => {
    const lines = drawPart(chart, shown, frame);
    const axis = chart.axes.facet;
    return axis ? [frame.style.bold(`${visible(axis.title)}: ${axisText(axis, facet)}`), ...lines] : lines;
  });
  if (parts.length === 0) parts.push('There is nothing to draw.');
  return [...parts, ...chart.notes.map((note) => frame.style.dim(visible(note)))];
}

function drawPart(chart: WireChartDrawing, points: readonly Point[], frame: ChartFrame): string[] {
  switch (chart.mark) {
    case 'bar':
    case 'histogram':
    case 'pie':
      return barLines(chart, points, frame);
    case 'box':
      return boxLines(chart, points, frame);
    case 'heatmap':
      return heatLines(chart, points, frame);
    default:
      return plotLines(chart, points, frame);
  }
}

function barLines(chart: WireChartDrawing, points: readonly Point[], { width, style }: ChartFrame): string[] {
  const { x, color } = chart.axes;
  const bars = points.slice(0, MAX_BARS).map((point, at) => {
    const previous = points[at - 1];
    const isSame = at > 0 && color !== undefined && previous?.['x'] === point['x'];
    const label = x ? rangeText(x, point) : '';
    return {
      label: isSame ? '' : label,
      series: color ? axisText(color, point['color']) : '',
      value: numberOf(point['y'] ?? point['value']),
      text: point['exact'] === null || point['exact'] === undefined ? undefined : visible(String(point['exact'])),
    };
  });
  const widest = (texts: readonly string[], most: number) => Math.min(most, Math.max(0, ...texts.map(displayWidth)));
  const labelWidth = widest(
    bars.map(({ label }) => label),
    Math.floor(width * 0.35),
  );
  const seriesWidth = widest(
    bars.map(({ series }) => series),
    Math.floor(width * 0.2),
  );
  const values = bars.map(({ value, text }) => text ?? (value === undefined ? 'NULL' : numberText(value)));
  const valueWidth = Math.max(0, ...values.map(displayWidth));
  const room = Math.max(LEAST_BAR, width - labelWidth - valueWidth - (seriesWidth > 0 ? seriesWidth + 2 : 0) - 4);
  const known = bars.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const least = Math.min(0, ...known);
  const unit = room / (Math.max(0, ...known) - least || 1);
  const lines = bars.map(({ label, series, value }, at) => {
    const names = [fitToWidth(label, labelWidth, 'right'), ...(seriesWidth > 0 ? [fitToWidth(series, seriesWidth, 'left')] : [])].join(
      '  ',
    );
    const left = value !== undefined && value < 0 ? value - least : -least;
    const bar = `${' '.repeat(Math.round(left * unit))}${barOf(Math.abs(value ?? 0) * unit)}`;
    return `${names} ${style.dim('│')}${style.cyan(bar)} ${values[at]}`;
  });
  const more = points.length > MAX_BARS ? [style.dim(`… and ${points.length - MAX_BARS} more`)] : [];
  return [style.dim(titleText(chart)), ...lines, ...more];
}

/** A bar to an eighth of a character; what is not nothing can be seen. */
function barOf(length: number): string {
  const eighths = Math.round(length * 8) || (length > 0 ? 1 : 0);
  return '█'.repeat(eighths >> 3) + (EIGHTHS[eighths & 7] ?? '');
}

function plotLines(chart: WireChartDrawing, points: readonly Point[], frame: ChartFrame): string[] {
  const { style } = frame;
  const { x, y, color } = chart.axes;
  const xs = extent(points.map((point) => numberOf(point['x'])));
  const ys = extent(points.map((point) => numberOf(point['y'])));
  if (!x || !y || !xs || !ys) return ['There is nothing to draw.'];
  const series = groupsOf(points, 'color');
  const top = axisText(y, ys.most);
  const bottom = axisText(y, ys.least);
  const labelWidth = Math.min(Math.floor(frame.width / 3), Math.max(displayWidth(top), displayWidth(bottom)));
  const width = Math.max(LEAST_BAR, frame.width - labelWidth - 2);
  const height = Math.max(LEAST_PLOT, Math.floor(frame.height / series.length) - 3);
  const lines = [style.dim(titleText(chart))];
  for (const [name, own] of series) {
    if (color) lines.push(style.bold(axisText(color, name)));
    const canvas = new DotCanvas(width, height);
    drawSeries(canvas, chart, own, xs, ys);
    const rows = canvas.lines();
    for (const [at, row] of rows.entries()) {
      const label = at === 0 ? top : at === rows.length - 1 ? bottom : '';
      lines.push(`${fitToWidth(label, labelWidth, 'right')} ${style.dim('│')}${style.cyan(row)}`);
    }
    lines.push(`${' '.repeat(labelWidth)} ${style.dim(`└${'─'.repeat(width)}`)}`);
  }
  const [first, last] = [cutToWidth(axisText(x, xs.least), width), cutToWidth(axisText(x, xs.most), width)];
  return [...lines, `${' '.repeat(labelWidth + 2)}${atBothEnds(first, last, width)}`];
}

function drawSeries(canvas: DotCanvas, { mark }: WireChartDrawing, points: readonly Point[], xs: Extent, ys: Extent): void {
  let before: { readonly column: number; readonly row: number } | undefined;
  const ordered = mark === 'scatter' ? points : points.toSorted((a, b) => (numberOf(a['x']) ?? 0) - (numberOf(b['x']) ?? 0));
  for (const point of ordered) {
    const [x, y] = [numberOf(point['x']), numberOf(point['y'])];
    if (x === undefined || y === undefined) {
      before = undefined;
      continue;
    }
    const here = { column: Math.round(placeIn(xs, x, canvas.columns)), row: Math.round(canvas.rows - 1 - placeIn(ys, y, canvas.rows)) };
    if (before === undefined || mark === 'scatter') canvas.dot(here.column, here.row);
    else canvas.line(before.column, before.row, here.column, here.row);
    before = here;
  }
  if (mark === 'area') canvas.fillDown();
}
