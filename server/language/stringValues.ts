import type { OpenCall } from './cursorContext.ts';

const DATE_PARTS =
  'year quarter month week day hour minute second millisecond microsecond dayofweek dayofyear isodow decade century epoch'.split(' ');
const COMPRESSIONS = 'auto none gzip zstd'.split(' ');
const CODECS = 'uncompressed snappy gzip zstd brotli lz4 lz4_raw'.split(' ');

/** Argument of a function, counted from 0, that is the name of a part of a date. */
const PART_ARGUMENT: Readonly<Record<string, number>> = {
  date_trunc: 0,
  datetrunc: 0,
  date_part: 0,
  datepart: 0,
  date_diff: 0,
  datediff: 0,
  date_sub: 0,
  datesub: 0,
};

/** Options of COPY and of file readers whose values are known. */
const OPTION_VALUES: Readonly<Record<string, readonly string[]>> = {
  format: ['csv', 'parquet', 'json'],
  compression: [...new Set([...COMPRESSIONS, ...CODECS])],
  codec: CODECS,
  header: ['true', 'false'],
  force_quote: ['*'],
  overwrite: ['true', 'false'],
  overwrite_or_ignore: ['true', 'false'],
  append: ['true', 'false'],
  array: ['true', 'false'],
  per_thread_output: ['true', 'false'],
  write_partition_columns: ['true', 'false'],
  union_by_name: ['true', 'false'],
  hive_partitioning: ['true', 'false'],
  filename: ['true', 'false'],
  all_varchar: ['true', 'false'],
  ignore_errors: ['true', 'false'],
  auto_detect: ['true', 'false'],
  strict_mode: ['true', 'false'],
  encoding: ['utf-8', 'utf-16', 'latin-1'],
  parquet_version: ['v1', 'v2'],
};

/** Names of parts of a date: `year`, `month`. */
export function dateParts(): readonly string[] {
  return DATE_PARTS;
}

/** True in the argument of a call that names a part of a date. */
export function takesDatePart({ name, argument }: OpenCall): boolean {
  return PART_ARGUMENT[name] === argument;
}

/** Values that an option of COPY or of a file reader takes; undefined when any may be meant. */
export function optionValues(option: string): readonly string[] | undefined {
  return Object.hasOwn(OPTION_VALUES, option) ? OPTION_VALUES[option] : undefined;
}
