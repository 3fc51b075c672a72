import type { DuckDBValue } from '@duckdb/node-api';
import { KodiakError } from '../../base/errors.ts';
import type { ParameterValue } from '../../types.ts';
import type { ChartColumn } from './chartColumn.ts';

/** The rows that are drawn, in a database that can be asked. */
export interface ChartSource {
  /** What stands behind FROM. */
  readonly from: string;
  /** SQL of a row's place in its order. */
  readonly position: string;
  readonly rowCount: number;
  readonly columns: readonly ChartColumn[];
  query(sql: string, params?: readonly ParameterValue[]): Promise<readonly (readonly DuckDBValue[])[]>;
}

/** Marks of one chart at most, about. */
export const MAX_MARKS = 5000;
export const MAX_SERIES = 10;
export const MAX_FACETS = 12;

export function columnAt({ columns }: ChartSource, index: number): ChartColumn {
  const column = columns[index];
  if (!column) throw new KodiakError('sql', `The result has no column ${index}.`);
  return column;
}

export function optionalColumn(source: ChartSource, index: number | undefined): ChartColumn | undefined {
  return index === undefined ? undefined : columnAt(source, index);
}
