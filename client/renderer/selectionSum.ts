import type { WireValue } from '../../server/protocol/values.ts';
import { formatNumber } from './footerText.ts';

/** What is said of the selected cells. */
export interface SelectionSum {
  readonly cells: number;
  /** Cells that are not NULL. */
  readonly values: number;
  /** Of the cells in columns of numbers. */
  readonly numbers: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

export const NOTHING: SelectionSum = {
  cells: 0,
  values: 0,
  numbers: 0,
  sum: 0,
  minimum: Number.POSITIVE_INFINITY,
  maximum: Number.NEGATIVE_INFINITY,
};

/** Two parts of a selection together. */
export function together(one: SelectionSum, other: SelectionSum): SelectionSum {
  return {
    cells: one.cells + other.cells,
    values: one.values + other.values,
    numbers: one.numbers + other.numbers,
    sum: one.sum + other.sum,
    minimum: Math.min(one.minimum, other.minimum),
    maximum: Math.max(one.maximum, other.maximum),
  };
}

/** One cell, in a column of numbers or another. */
export function sumOf(value: WireValue, numeric: boolean): SelectionSum {
  if (value === null) return { ...NOTHING, cells: 1 };
  const number = numeric ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) return { ...NOTHING, cells: 1, values: 1 };
  return { cells: 1, values: 1, numbers: 1, sum: number, minimum: number, maximum: number };
}

/** `12 cells · 10 values · sum 1,234.5 · avg 123.45 · min 1 · max 900`. */
export function sumText({ cells, values, numbers, sum, minimum, maximum }: SelectionSum): string {
  const parts = [`${formatNumber(cells)} ${cells === 1 ? 'cell' : 'cells'}`];
  if (values !== cells) parts.push(`${formatNumber(values)} not NULL`);
  if (numbers > 0) {
    parts.push(`sum ${figure(sum)}`, `avg ${figure(sum / numbers)}`, `min ${figure(minimum)}`, `max ${figure(maximum)}`);
  }
  return parts.join(' · ');
}

/** Fifteen digits are as many as a sum of DOUBLEs has. */
function figure(number: number): string {
  if (!Number.isFinite(number)) return String(number);
  if (Number.isSafeInteger(number)) return formatNumber(number);
  const rounded = Number(number.toPrecision(15));
  if (Math.abs(rounded) >= 1e15 || Math.abs(rounded) < 1e-6) return rounded.toExponential();
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 12 });
}
