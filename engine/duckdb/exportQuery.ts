import type { DuckDBType } from '@duckdb/node-api';
import { literal, quoted } from '../base/sqlText.ts';
import type { Column, ExportFormat } from '../types.ts';
import { storedName, storedType, typeFamily } from './storedColumns.ts';

const COPY_OPTIONS: Readonly<Record<ExportFormat, string>> = {
  csv: 'format csv',
  tsv: "format csv, delimiter '\t'",
  parquet: 'format parquet, compression zstd',
  json: 'format json, array true',
  jsonl: 'format json',
};

export interface ExportQuery {
  readonly columns: readonly Column[];
  readonly types: readonly DuckDBType[];
  readonly format: ExportFormat;
  /** Columns whose 128-bit integers all have at most 38 digits. */
  readonly decimalColumns: ReadonlySet<number>;
}

/** Columns that Parquet can keep exactly only as DECIMAL, and only if their values have at most 38 digits. */
export function hugeColumns(types: readonly DuckDBType[]): number[] {
  return [...types.keys()].filter((column) => /^U?HUGEINT$/.test(types[column]?.toString() ?? ''));
}

interface CopyParts {
  /** The select list. */
  readonly list: string;
  readonly options: string;
  /** True when the first line is not DuckDB's: a file without rows then ends with an empty line too many. */
  readonly ownHeader: boolean;
}

/** The parts of the COPY that writes stored columns with their original names and types. */
export function exportQuery({ columns, types, format, decimalColumns }: ExportQuery): CopyParts {
  const unique = uniqueNames(columns.map((column) => column.name));
  const list = columns.map((column, index) => {
    const type = types[index];
    const value = type ? exportedValue(index, column, type, format, decimalColumns) : storedName(index);
    return `${value} as ${quoted(unique[index] ?? storedName(index))}`;
  });
  const options = COPY_OPTIONS[format];
  const ownHeader = (format === 'csv' || format === 'tsv') && columns.some((column, index) => column.name !== unique[index]);
  const header = ownHeader
    ? `, header false, prefix ${literal(textHeader(columns, format === 'tsv' ? '\t' : ','))}, suffix ${literal('\n')}`
    : '';
  return { list: list.join(', '), options: options + header, ownHeader };
}

/** The first line of a CSV or TSV file, for columns that repeat a name: DuckDB itself would rename them. */
function textHeader(columns: readonly Column[], delimiter: string): string {
  const fields = columns.map(({ name }) => (/[",\t\r\n]|^\s|\s$/.test(name) ? `"${name.replaceAll('"', '""')}"` : name));
  return `${fields.join(delimiter)}\n`;
}

/** Names without repetition, upper and lower case alike: `a, a` becomes `a, a_1`. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set(names.map((name) => name.toLowerCase()));
  const used = new Set<string>();
  return names.map((name, index) => {
    const base = name === '' ? `column${index}` : name;
    let unique = base;
    for (let number = 1; used.has(unique.toLowerCase()) || (unique !== name && taken.has(unique.toLowerCase())); number++) {
      unique = `${base}_${number}`;
    }
    used.add(unique.toLowerCase());
    return unique;
  });
}

function exportedValue(index: number, column: Column, type: DuckDBType, format: ExportFormat, decimals: ReadonlySet<number>): string {
  const name = storedName(index);
  if (column.type === 'JSON') return `${name}::json`;
  switch (format) {
    case 'csv':
    case 'tsv':
      return name;
    case 'parquet': {
      // DuckDB would write 128-bit integers as DOUBLE.
      if (/^U?HUGEINT$/.test(type.toString())) return `${name}::${decimals.has(index) ? 'decimal(38, 0)' : 'varchar'}`;
      const exact = storedType(type).replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'|\bU?HUGEINT\b/g, (token) =>
        /^["']/.test(token) ? token : 'VARCHAR',
      );
      return exact === storedType(type) ? name : `${name}::${exact}`;
    }
    case 'json':
    case 'jsonl':
      // JSON has no NaN and no infinity: they become texts.
      return typeFamily(type) === 'float'
        ? `case when isfinite(${name}) then to_json(${name}) when ${name} is not null then to_json(${name}::varchar) end`
        : name;
  }
}
