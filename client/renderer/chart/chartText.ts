import type { ChartUnit, WireChartAxis, WireChartDrawing } from '../../../server/protocol/chart.ts';
import { visible } from '../cellText.ts';

const MAX_LABEL = 40;
const MAX_DIGITS = 6;
const OTHER = 'other';

/** The labels of a category's axis, each different: NULL is told from the text, and what was cut short gets a number. */
export function axisLabels({ labels = [], hasOther = false }: WireChartAxis): readonly string[] {
  const used = new Set<string>();
  const unique = (wanted: string): string => {
    let label = wanted;
    for (let number = 2; used.has(label); number++) label = `${wanted} (${number})`;
    used.add(label);
    return label;
  };
  const shown = labels.map((label) => unique(label === null ? 'NULL' : shownLabel(label)));
  return hasOther ? [...shown, unique(OTHER)] : shown;
}

function shownLabel(label: string): string {
  if (label === '') return '(empty)';
  if (label === 'NULL') return '“NULL”';
  return cut(visible(label));
}

/** A name that fits on an axis or in a sentence. */
export function cut(text: string): string {
  const characters = [...text];
  return characters.length > MAX_LABEL ? `${characters.slice(0, MAX_LABEL).join('')}…` : text;
}

export function axisTitle(axis: WireChartAxis | undefined): string {
  return axis === undefined ? '' : visible(axis.title).slice(0, 120);
}

/** A place on an axis in words. */
export function placeText(axis: WireChartAxis, value: number | string | null): string {
  if (value === null) return 'NULL';
  if (axis.kind === 'category') return axisLabels(axis)[Number(value)] ?? '';
  if (typeof value === 'string') return value;
  if (axis.kind === 'number') return numberText(value);
  return axis.kind === 'clock' ? clockText(value) : timeText(value, axis.unit);
}

export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString('en-US');
  const short = Number(value.toPrecision(MAX_DIGITS));
  return Math.abs(short) >= 1e15 || (short !== 0 && Math.abs(short) < 1e-4)
    ? String(short)
    : short.toLocaleString('en-US', { maximumFractionDigits: 10 });
}

function clockText(ms: number): string {
  const text = new Date(ms).toISOString();
  return ms % 1000 === 0 ? text.slice(11, 19) : text.slice(11, 23);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time in UTC, as far as its unit goes. */
export function timeText(ms: number, unit: ChartUnit | undefined): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return String(ms);
  const [day, time] = date.toISOString().split('T') as [string, string];
  switch (unit) {
    case 'year':
      return day.replace(/-\d\d-\d\d$/, '');
    case 'quarter':
      return `Q${Math.floor(date.getUTCMonth() / 3) + 1} ${day.replace(/-\d\d-\d\d$/, '')}`;
    case 'month':
      return `${MONTHS[date.getUTCMonth()]} ${day.replace(/-\d\d-\d\d$/, '')}`;
    case 'week':
      return `week of ${day}`;
    case 'day':
      return day;
    default:
      if (ms % 86_400_000 === 0 && unit === undefined) return day;
      return `${day} ${ms % 1000 === 0 ? time.slice(0, ms % 60_000 === 0 ? 5 : 8) : time.slice(0, 12)}`;
  }
}

const MARK_WORDS = {
  line: 'Line chart',
  area: 'Area chart',
  bar: 'Bar chart',
  scatter: 'Scatter plot',
  histogram: 'Histogram',
  heatmap: 'Heatmap',
  box: 'Box plot',
  pie: 'Pie chart',
} as const;

/** What a chart shows, in sentences for those who do not see it. */
export function chartSummary(chart: WireChartDrawing): string {
  const { mark, axes, rows, fields, notes } = chart;
  const { x, y, value, color, facet } = axes;
  const measure = value !== undefined && mark !== 'scatter' ? value : y;
  const parts = [`${MARK_WORDS[mark]}${measure ? ` of ${cut(axisTitle(measure))}` : ''}`];
  if (x && axisTitle(x) !== '') parts.push(`by ${cut(axisTitle(x))}${x.unit ? ` (${x.unit})` : ''}`);
  if (y && measure !== y) parts.push(`and ${cut(axisTitle(y))}`);
  if (color && axisTitle(color) !== '') parts.push(`, coloured by ${cut(axisTitle(color))}`);
  if (facet) parts.push(`, in panels by ${cut(axisTitle(facet))}`);
  const sentences = [
    `${parts.join(' ').replaceAll(' ,', ',')}, ${rows.length.toLocaleString('en-US')} ${rows.length === 1 ? 'mark' : 'marks'}.`,
  ];
  const at = (field: WireChartDrawing['fields'][number]) => fields.indexOf(field);
  const column = mark === 'box' ? at('median') : measure === value && value !== undefined ? at('value') : at('y');
  const measured = rows.filter((row) => typeof row[column] === 'number');
  const extreme = (better: (a: number, b: number) => boolean) =>
    measured.reduce((best, row) => (better(Number(row[column]), Number(best[column])) ? row : best), measured[0] ?? []);
  if (measured.length > 0 && measure) {
    const tell = (row: readonly (number | string | null)[]) =>
      `${placeText(measure, row[column] ?? null)}${x && axisTitle(x) !== '' ? ` at ${placeText(x, row[at('x')] ?? null)}` : ''}`;
    sentences.push(`Highest ${tell(extreme((a, b) => a > b))}, lowest ${tell(extreme((a, b) => a < b))}.`);
  }
  return [...sentences, ...notes].join(' ');
}
