import type { WireChartAxis, WireChartDrawing } from '../../server/protocol/chart.ts';
import { atBothEnds, axisText, extent, numberOf, numberText, type Point } from './chartAxisText.ts';
import type { ChartFrame } from './chartText.ts';
import { displayWidth, fitToWidth, visible } from './displayText.ts';

const SHADES = ['░', '▒', '▓', '█'];
const MAX_CELL = 12;
const LEAST_ROOM = 8;

/** A heatmap in shades: the larger, the darker, where there is nothing a blank. Numbers and times go up and to the right. */
export function heatLines(chart: WireChartDrawing, points: readonly Point[], { width, style }: ChartFrame): string[] {
  const { x, y, value } = chart.axes;
  const values = extent(points.map((point) => numberOf(point['value'])));
  if (!x || !y || !values) return ['There is nothing to draw.'];
  const columns = placesOf(x, points, 'x');
  const rows = placesOf(y, points, 'y');
  if (y.kind !== 'category') rows.reverse();
  const byPlace = new Map(points.map((point) => [`${point['x']} ${point['y']}`, numberOf(point['value'])]));
  const labels = rows.map((place) => axisText(y, place));
  const labelWidth = Math.min(Math.floor(width * 0.35), Math.max(0, ...labels.map(displayWidth)));
  const room = Math.max(LEAST_ROOM, width - labelWidth - 2);
  const cell = Math.max(1, Math.min(MAX_CELL, Math.floor(room / columns.length)));
  const shown = columns.slice(0, Math.floor(room / cell));
  const shade = (number: number | undefined) => {
    if (number === undefined) return ' ';
    const share = values.most === values.least ? 1 : (number - values.least) / (values.most - values.least);
    return SHADES[Math.min(SHADES.length - 1, Math.floor(share * SHADES.length))] ?? ' ';
  };
  const lines = rows.map((place, at) => {
    const cells = shown
      .map((column) => shade(byPlace.get(`${column} ${place}`)).repeat(cell))
      .join('')
      .trimEnd();
    return `${fitToWidth(labels[at] ?? '', labelWidth, 'right')} ${style.dim('│')}${style.cyan(cells)}`;
  });
  const indent = ' '.repeat(labelWidth + 2);
  const left = columns.length - shown.length;
  return [
    style.dim(`${value ? visible(value.title) : 'rows'} by ${visible(x.title)} and ${visible(y.title)}`),
    ...lines,
    `${indent}${footOf(x, shown, cell)}`,
    `${indent}${SHADES.map((mark, at) => `${mark} ${legendText(values, at)}`).join('  ')}`,
    ...(left > 0 ? [style.dim(`… and ${left} more to the right`)] : []),
  ];
}

/** Where each shade begins. */
function legendText({ least, most }: { readonly least: number; readonly most: number }, at: number): string {
  return `≥ ${numberText(least + ((most - least) * at) / SHADES.length)}`;
}

/** All places of an axis, those without a mark, too, where they are categories. */
function placesOf(axis: WireChartAxis, points: readonly Point[], channel: 'x' | 'y'): number[] {
  const marked = points.flatMap((point) => numberOf(point[channel]) ?? []);
  const labelled = axis.kind === 'category' ? (axis.labels ?? []).map((_, at) => at) : [];
  return [...new Set([...labelled, ...marked])].sort((a, b) => a - b);
}

/** Categories stand under their columns; of other axes the first and the last place. */
function footOf(axis: WireChartAxis, places: readonly number[], cell: number): string {
  if (axis.kind === 'category' && cell > 2)
    return places
      .map((place) => fitToWidth(axisText(axis, place), cell - 1, 'left'))
      .join(' ')
      .trimEnd();
  return atBothEnds(axisText(axis, places[0]), axisText(axis, places.at(-1)), places.length * cell);
}
