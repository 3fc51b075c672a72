import type { WireChartAxis, WireChartDrawing } from '../../server/protocol/chart.ts';
import { displayWidth, visible } from './displayText.ts';

/** A mark by its channels. */
export type Point = Readonly<Record<string, number | string | null>>;

const DAY_MS = 86_400_000;

export interface Extent {
  readonly least: number;
  readonly most: number;
}

export function extent(values: readonly (number | undefined)[]): Extent | undefined {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === undefined) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return least <= most ? { least, most } : undefined;
}

/** Points by panel or series, in the order in which they first come. */
export function groupsOf(points: readonly Point[], channel: 'facet' | 'color'): [number | string | null, Point[]][] {
  const groups = new Map<number | string | null, Point[]>();
  for (const point of points) {
    const key = point[channel] ?? null;
    const group = groups.get(key);
    if (group) group.push(point);
    else groups.set(key, [point]);
  }
  return [...groups];
}

/** Where a value lies among so many steps, the first at the least of the extent and the last at the most. */
export function placeIn({ least, most }: Extent, value: number, steps: number): number {
  return (most === least ? 0.5 : (value - least) / (most - least)) * (steps - 1);
}

/** Two texts at both ends of a line. */
export function atBothEnds(first: string, last: string, width: number): string {
  return `${first}${' '.repeat(Math.max(1, width - displayWidth(first) - displayWidth(last)))}${last}`;
}

/** What is measured, by what. */
export function titleText({ axes }: WireChartDrawing): string {
  const measure = axes.y ?? axes.value;
  const parts = [
    measure ? visible(measure.title) : '',
    axes.x ? `by ${visible(axes.x.title)}` : '',
    axes.color ? `and ${visible(axes.color.title)}` : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** A bin is named by both its ends. */
export function rangeText(axis: WireChartAxis, point: Point): string {
  const end = point['x2'];
  const text = axisText(axis, point['x']);
  return end === undefined || end === null || axis.kind === 'category' || axis.unit !== undefined
    ? text
    : `${text} – ${axisText(axis, end)}`;
}

export function axisText(axis: WireChartAxis, value: number | string | null | undefined): string {
  if (value === null || value === undefined) return 'NULL';
  switch (axis.kind) {
    case 'category': {
      const label = axis.labels?.[Number(value)];
      if (label === undefined) return axis.hasOther && Number(value) === axis.labels?.length ? 'other' : visible(String(value));
      return label === null ? 'NULL' : visible(label);
    }
    case 'number':
      return numberText(Number(value));
    case 'clock':
      return new Date(Number(value)).toISOString().slice(11, 19);
    case 'time':
      return timeText(Number(value), axis.unit);
  }
}

function timeText(ms: number, unit: WireChartAxis['unit']): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return String(ms);
  const iso = date.toISOString().replace('T', ' ');
  switch (unit) {
    case 'year':
      return iso.slice(0, -20);
    case 'quarter':
    case 'month':
      return iso.slice(0, -17);
    case 'day':
    case 'week':
      return iso.slice(0, -14);
    default:
      return ms % DAY_MS === 0 ? iso.slice(0, -14) : iso.slice(0, ms % 60_000 === 0 ? -8 : -5);
  }
}

export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(6));
  return Math.abs(rounded) >= 1e15 || (rounded !== 0 && Math.abs(rounded) < 1e-4)
    ? rounded.toExponential()
    : rounded.toLocaleString('en-US', { maximumFractionDigits: 10 });
}

export function numberOf(value: number | string | null | undefined): number | undefined {
  if (value === null || value === undefined) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}
