import type { ChartColumn } from './chartColumn.ts';

/** Rows of a column: all, with a value, and with a value that has a place on an axis. */
export interface PlacedRows {
  readonly rows: number;
  readonly values: number;
  readonly placed: number;
}

/** What is said of rows that a chart leaves out because of a column. */
export function leftOutNotes({ title, kind }: ChartColumn, { rows, values, placed }: PlacedRows): string[] {
  const odd = kind === 'number' ? `NaN or infinity in ${title}` : `a ${title} that no time axis can show`;
  return [...leftOut(rows - values, `NULL in ${title}`), ...leftOut(values - placed, odd)];
}

function leftOut(count: number, what: string): string[] {
  if (count <= 0) return [];
  return [`${rowsText(count)} with ${what} ${count === 1 ? 'is' : 'are'} left out.`];
}

export function rowsText(count: number): string {
  return `${formatted(count)} ${count === 1 ? 'row' : 'rows'}`;
}

export function formatted(count: number): string {
  return count.toLocaleString('en-US');
}
