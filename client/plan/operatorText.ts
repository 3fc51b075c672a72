import type { WireOperator } from '../../server/protocol/plan.ts';
import { formatCount, formatDuration, formatPercent, formatRows } from '../monitor/statsText.ts';
import { detailOf, type Misestimate, type PlanNode } from './planFacts.ts';
import { roughRows } from './roughCount.ts';

/** What people call the operators. Others are told by DuckDB's name. */
const NAMES: Readonly<Record<string, string>> = {
  SEQ_SCAN: 'Table scan',
  TABLE_SCAN: 'Table scan',
  INDEX_SCAN: 'Index scan',
  PARQUET_SCAN: 'Parquet scan',
  READ_PARQUET: 'Parquet scan',
  READ_CSV: 'CSV scan',
  READ_CSV_AUTO: 'CSV scan',
  READ_JSON: 'JSON scan',
  READ_JSON_AUTO: 'JSON scan',
  READ_NDJSON: 'JSON scan',
  READ_NDJSON_AUTO: 'JSON scan',
  COLUMN_DATA_SCAN: 'Rows in memory',
  DELIM_SCAN: 'Scan of outer values',
  CTE_SCAN: 'Scan of a CTE',
  REC_CTE_SCAN: 'Scan of the last round',
  RECURSIVE_CTE_SCAN: 'Scan of the last round',
  DUMMY_SCAN: 'One row',
  EMPTY_RESULT: 'No rows',
  HASH_JOIN: 'Hash join',
  CROSS_PRODUCT: 'Cross product',
  NESTED_LOOP_JOIN: 'Nested loop join',
  BLOCKWISE_NL_JOIN: 'Nested loop join',
  PIECEWISE_MERGE_JOIN: 'Merge join',
  IE_JOIN: 'Inequality join',
  ASOF_JOIN: 'ASOF join',
  POSITIONAL_JOIN: 'Positional join',
  POSITIONAL_SCAN: 'Positional join',
  LEFT_DELIM_JOIN: 'Correlated join',
  RIGHT_DELIM_JOIN: 'Correlated join',
  HASH_GROUP_BY: 'Group by (hash)',
  PERFECT_HASH_GROUP_BY: 'Group by (few keys)',
  PARTITIONED_AGGREGATE: 'Group by (partitions)',
  UNGROUPED_AGGREGATE: 'Aggregate',
  STREAMING_WINDOW: 'Window (streaming)',
  ORDER_BY: 'Sort',
  TOP_N: 'Top N',
  LIMIT: 'Limit',
  STREAMING_LIMIT: 'Limit',
  LIMIT_PERCENT: 'Limit',
  REC_CTE: 'Recursive CTE',
  RECURSIVE_CTE: 'Recursive CTE',
  CTE: 'Materialized CTE',
  BATCH_INSERT: 'Insert',
  CREATE_TABLE_AS: 'Create table',
  BATCH_CREATE_TABLE_AS: 'Create table',
  COPY_TO_FILE: 'Write to a file',
  BATCH_COPY_TO_FILE: 'Write to a file',
  MERGE_INTO: 'Merge into',
  RESERVOIR_SAMPLE: 'Sample',
  STREAMING_SAMPLE: 'Sample',
};

/** Functions by which DuckDB makes columns smaller for a sort or a hash table, and gives them back their type. */
const COMPRESSING = /^__internal_(de)?compress/;

export function operatorName({ kind }: WireOperator): string {
  const words = kind.toLowerCase().replaceAll('_', ' ');
  return NAMES[kind] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** What the operator works on, in one line: a table, a condition, columns. */
export function operatorSubject(operator: WireOperator): string {
  const { kind } = operator;
  const join = (name: string, separator = ', ') => detailOf(operator, name).join(separator);
  if (kind.endsWith('JOIN')) return [joinType(join('Join Type')), join('Conditions', ' AND ')].filter((part) => part !== '').join(' on ');
  if (kind === 'CROSS_PRODUCT') return 'every row with every row';
  if (kind === 'PROJECTION') return projection(detailOf(operator, 'Projections'));
  if (kind === 'TOP_N') return [join('Top'), join('Order By')].filter((part) => part !== '').join(' by ');
  if (kind.endsWith('GROUP_BY')) return [join('Groups'), join('Aggregates')].filter((part) => part !== '').join(': ');
  const source = sourceOf(operator);
  if (source !== '') return source;
  const first = ['Aggregates', 'Order By', 'Expression', 'CTE Name', 'Projections', 'Text']
    .map((name) => join(name))
    .find((text) => text !== '');
  return first ?? operator.details.find(({ name }) => !name.includes('Filter'))?.values.join(', ') ?? '';
}

/** The conditions that a scan checks while it reads. */
export function scanFilters(operator: WireOperator): string {
  return ['Filters', 'File Filters'].flatMap((name) => detailOf(operator, name)).join(' AND ');
}

/** `20,000 rows · 4,000 expected`, or one of them. */
export function rowsText({ rows, estimatedRows }: WireOperator): string {
  if (rows === undefined) return estimatedRows === undefined ? '' : `about ${roughRows(estimatedRows)}`;
  const expected = estimatedRows === undefined ? '' : ` · ${formatCount(estimatedRows)} expected`;
  return formatRows(rows) + expected;
}

/** `20 times more rows than expected` */
export function misestimateText({ factor, more }: Misestimate): string {
  const times = factor < 10_000 ? formatCount(factor) : 'more than 10,000';
  return `${times} times ${more ? 'more' : 'fewer'} rows than expected`;
}

/** The same for a card: `20× more than expected`. */
export function shortMisestimate({ factor, more }: Misestimate): string {
  return `${factor < 10_000 ? formatCount(factor) : '>10,000'}× ${more ? 'more' : 'fewer'} than expected`;
}

/** `66 % · 4.7 ms`; '' without measures. */
export function timeText({ operator, share }: PlanNode): string {
  return share === undefined ? '' : `${formatPercent(share)} · ${formatDuration(operator.cpuMs ?? 0)}`;
}

/** All that a card shows, for those who hear it. */
export function spokenText(node: PlanNode, isSlowest: boolean): string {
  const { operator, misestimate, hot } = node;
  const filters = scanFilters(operator);
  const parts = [
    operatorName(operator),
    operatorSubject(operator),
    filters && `where ${filters}`,
    rowsText(operator),
    misestimate && misestimateText(misestimate),
    timeText(node),
    isSlowest && 'takes most time',
    hot && 'on the hot path',
  ];
  return parts.filter((part) => typeof part === 'string' && part !== '').join(', ');
}

function sourceOf(operator: WireOperator): string {
  const [table] = detailOf(operator, 'Table');
  if (table !== undefined) return tableName(table);
  const files = detailOf(operator, 'Files').flatMap((text) => text.split(', '));
  const [count] = detailOf(operator, 'Total Files Read');
  const [file] = files;
  if (file !== undefined && files.length === 1 && (count === undefined || count === '1')) return file.replace(/^.*[\\/]/, '');
  const read = detailOf(operator, 'Scanning Files')[0];
  if (count !== undefined) return `${count} files`;
  return read === undefined ? '' : `${read} files`;
}

/** Without the database, and without the schema where it is the usual one. */
function tableName(whole: string): string {
  const parts = whole.match(/"(?:[^"]|"")*"|[^.]+/g) ?? [whole];
  const [table = whole, schema] = [...parts].reverse();
  return schema === undefined || schema === 'main' ? table : `${schema}.${table}`;
}

function joinType(type: string): string {
  return type === '' || type === 'INNER' ? '' : type.toLowerCase();
}

function projection(columns: readonly string[]): string {
  const kinds = new Set(columns.map((column) => COMPRESSING.exec(column)?.[0]).filter((kind) => kind !== undefined));
  if (kinds.has('__internal_decompress')) return 'gives columns their types back';
  if (kinds.size > 0) return 'makes columns smaller for the next step';
  return columns.join(', ');
}
