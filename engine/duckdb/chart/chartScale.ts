import type { ChartUnit } from '../../types.ts';

const SECOND = 1000;
const DAY = 86_400_000;

/** Units whose stretches are all of one length, in milliseconds. */
const LENGTHS: Readonly<Partial<Record<ChartUnit, number>>> = {
  second: SECOND,
  minute: 60 * SECOND,
  hour: 3600 * SECOND,
  day: DAY,
  week: 7 * DAY,
};
/** In months. */
const MONTHS: Readonly<Partial<Record<ChartUnit, number>>> = { month: 1, quarter: 3, year: 12 };
export const UNITS: readonly ChartUnit[] = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'];
/** 1970 began on a Thursday. */
const WEEK_OFFSET = 3 * DAY;
const MEAN_MONTH = 30.44 * DAY;
const STEPS = [1, 2, 2.5, 5, 10];

/** The finest unit that cuts a range of milliseconds into no more stretches than these. */
export function unitFor(low: number, high: number, maxStretches: number, units: readonly ChartUnit[] = UNITS): ChartUnit {
  return units.find((unit) => stretches(low, high, unit) <= maxStretches) ?? units.at(-1) ?? 'year';
}

/** Stretches of time that a range touches, about. */
export function stretches(low: number, high: number, unit: ChartUnit): number {
  const length = LENGTHS[unit] ?? (MONTHS[unit] ?? 1) * MEAN_MONTH;
  return Math.floor((high - low) / length) + 1;
}

/** How times are grouped by a unit: a whole number in SQL, which DuckDB groups by fastest, and the milliseconds that it stands for. */
export interface UnitKey {
  readonly sql: string;
  decode(key: number): number;
}

/** Whole numbers from a lowest one on, cut into stretches of a length. Only where both are exact; `undefined` otherwise. */
export function wholeKey(ticks: Ticks | undefined, low: number, length: number, high: number): string | undefined {
  const [first, width, last] = [low, length, high].map((value) => value * (ticks?.perUnit ?? Number.NaN));
  const isExact = [first, width, (last ?? 0) - (first ?? 0)].every((value) => Number.isSafeInteger(value)) && (width ?? 0) >= 1;
  return ticks && isExact ? `(${ticks.sql} - (${first})) // ${width}` : undefined;
}

interface Ticks {
  readonly sql: string;
  readonly perUnit: number;
}

/** A time as SQL: a TIMESTAMP or DATE, for units of months; its milliseconds; and whole numbers, where none are less than the lowest. */
export interface TimeSql {
  readonly moment: string;
  readonly ms: string;
  readonly ticks: Ticks | undefined;
}

/** The stretch that a time lies in, of times that are no less than `low`. */
export function unitKey({ moment, ms, ticks }: TimeSql, low: number, high: number, unit: ChartUnit): UnitKey {
  const length = LENGTHS[unit];
  if (length !== undefined) {
    const offset = unit === 'week' ? WEEK_OFFSET : 0;
    const base = Math.floor((low + offset) / length) * length - offset;
    const sql = wholeKey(ticks, base, length, Math.ceil(high)) ?? `floor((${ms} - ${base}) / ${length})::bigint`;
    return { sql, decode: (key) => base + key * length };
  }
  const months = MONTHS[unit] ?? 1;
  const sql = unit === 'year' ? `year(${moment})` : `year(${moment}) * ${12 / months} + ${unit}(${moment}) - 1`;
  return { sql, decode: (key) => monthStart(key * months) };
}

/** Months since the year 0. */
function monthStart(months: number): number {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(months / 12), ((months % 12) + 12) % 12, 1);
  return date.getTime();
}

/** Where the next stretch begins. */
export function unitEnd(start: number, unit: ChartUnit): number {
  const length = LENGTHS[unit];
  if (length !== undefined) return start + length;
  const date = new Date(start);
  date.setUTCMonth(date.getUTCMonth() + (MONTHS[unit] ?? 1));
  return date.getTime();
}

/** The coarsest unit whose stretches begin at all of these: dates that are all firsts of months stand for months. */
export function alignedUnit(starts: readonly number[], unit: ChartUnit): ChartUnit {
  if (new Set(starts).size < 2) return unit;
  const coarser = UNITS.slice(UNITS.indexOf(unit) + 1).filter((other) => other !== 'week' || unit === 'day');
  return coarser.findLast((other) => starts.every((start) => isStart(start, other))) ?? unit;
}

function isStart(ms: number, unit: ChartUnit): boolean {
  const length = LENGTHS[unit];
  if (length !== undefined) return (ms + (unit === 'week' ? WEEK_OFFSET : 0)) % length === 0;
  const date = new Date(ms);
  return ms % DAY === 0 && date.getUTCDate() === 1 && date.getUTCMonth() % (MONTHS[unit] ?? 1) === 0;
}

/** A width of bins that people like, 1, 2, 2.5 or 5 times a power of ten, for about so many bins of a range. */
export function binStep(low: number, high: number, bins: number, whole: boolean): number {
  // Divided before it is subtracted: the whole range of DOUBLE has a width that is no DOUBLE.
  const wanted = high / bins - low / bins;
  if (wanted <= 0) return whole || low === 0 ? 1 : Math.abs(low) / 10;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = (STEPS.find((factor) => factor * power >= wanted * 0.999) ?? 10) * power;
  return whole ? Math.max(1, Math.ceil(step)) : step;
}
