import type { WireChartSpec } from '../../../server/protocol/chart.ts';
import type { WireColumn, WireRow, WireValue } from '../../../server/protocol/values.ts';
import { columnFamily } from '../columnFamily.ts';

/** Kinds of columns that a chart knows. */
export type ColumnRole = 'number' | 'time' | 'category' | 'none';

/** Texts with more values than this are no colours. */
const MAX_COLORS = 8;
/** Lines of one chart have much the same height: beyond this factor the lower ones would lie flat. */
const MAX_FACTOR = 20;
const MAX_LINES = 3;
const MAX_BARS = 60;
/** Numbers that name things rather than measure them. */
const IDENTIFIER = /(?:^|[_\s])(?:id|key|code|no|nr|number|rank|place|zip|year)$|Id$|^(?:id|rowid|row_number|index)/;

export function columnRole(type: string): ColumnRole {
  const family = columnFamily(type);
  if (family === 'number') return 'number';
  if (family === 'time') return type.startsWith('INTERVAL') || type.startsWith('TIME WITH') || type === 'TIMETZ' ? 'category' : 'time';
  return family === 'nested' || type === 'BLOB' || type === 'BIT' ? 'none' : 'category';
}

/**
 * What a result's first chart is, by the types of its columns and its first rows: a number over time is a line, numbers by category are bars,
 * two numbers are points, one number is a histogram, a category alone is counted. Undefined where no column can be drawn.
 */
export function firstChart(columns: readonly WireColumn[], preview: readonly WireRow[]): WireChartSpec | undefined {
  const of = (role: ColumnRole) => [...columns.keys()].filter((index) => columnRole(columns[index]?.type ?? '') === role);
  const seen = (index: number) => new Set(preview.map((row) => text(row[index] ?? null)));
  const isKnown = (index: number) => preview.some((row) => (row[index] ?? null) !== null) || preview.length === 0;
  const names = (index: number) => IDENTIFIER.test(columns[index]?.name ?? '');
  const numbers = of('number').filter(isKnown);
  const measures = [...numbers.filter((index) => !names(index)), ...numbers.filter(names)];
  const [time] = of('time').filter(isKnown);
  const categories = of('category').filter(isKnown);
  const colors = categories.filter((index) => seen(index).size > 1 && seen(index).size <= MAX_COLORS);
  const [measure, second] = measures;

  if (time !== undefined && measure !== undefined) {
    const color = colors[0];
    const isSeries = isUnique(preview, color === undefined ? [time] : [time, color]);
    const y = color === undefined && isSeries ? alike(measures, preview) : [measure];
    return { mark: 'line', x: time, y, ...(color !== undefined && { color }), aggregate: isSeries ? 'none' : 'sum' };
  }
  const category = categories.find((index) => seen(index).size > 1) ?? categories[0];
  if (category !== undefined && measure !== undefined) {
    // Texts that are all different name the rows: with two numbers, these are what there is to see.
    const isLabel = preview.length > 50 && seen(category).size > preview.length / 2;
    if (!isLabel || second === undefined || names(second)) return { mark: 'bar', x: category, y: [measure], aggregate: 'sum' };
  }
  const lead = measure === undefined ? undefined : leadingKey(columns, preview);
  const led = measures.filter((index) => index !== lead);
  if (lead !== undefined && led[0] !== undefined) {
    if (preview.length <= MAX_BARS) return { mark: 'bar', x: lead, y: [led[0]], aggregate: 'sum' };
    return { mark: 'line', x: lead, y: alike(led, preview), aggregate: 'none' };
  }
  if (measure !== undefined && second !== undefined) {
    if (names(second)) return { mark: 'bar', x: second, y: [measure], aggregate: 'sum' };
    const color = colors[0];
    return { mark: 'scatter', x: measure, y: [second], ...(color !== undefined && { color }), aggregate: 'none' };
  }
  if (measure !== undefined) return { mark: 'histogram', x: measure, aggregate: 'count' };
  const counted = category ?? time;
  return counted === undefined ? undefined : { mark: 'bar', x: counted, aggregate: 'count' };
}

/** The first column, where it counts the rows up: months, years, buckets of a GROUP BY. */
function leadingKey(columns: readonly WireColumn[], preview: readonly WireRow[]): number | undefined {
  if (!/INT/.test(columns[0]?.type ?? '') || preview.length < 2) return undefined;
  const values = preview.map((row) => Number(row[0] ?? Number.NaN));
  return values.every((value, index) => index === 0 || value > (values[index - 1] ?? 0)) ? 0 : undefined;
}

/** Measures that can be seen on the axis of the first. */
function alike(measures: readonly number[], preview: readonly WireRow[]): number[] {
  const height = (index: number) => Math.max(...preview.map((row) => Math.abs(Number(row[index] ?? 0)) || 0), 0);
  const first = measures[0] === undefined ? 0 : height(measures[0]);
  const near = measures.filter((index) => {
    const ratio = first === 0 ? 1 : height(index) / first;
    return ratio <= MAX_FACTOR && ratio >= 1 / MAX_FACTOR;
  });
  return (near.length > 0 ? near : measures).slice(0, MAX_LINES);
}

function isUnique(preview: readonly WireRow[], columns: readonly number[]): boolean {
  const keys = preview.map((row) => JSON.stringify(columns.map((column) => row[column] ?? null)));
  return new Set(keys).size === keys.length;
}

function text(value: WireValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
