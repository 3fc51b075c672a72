import type { Plan, PlanOperator, PlanTotals } from '../types.ts';

/** Characters of one detail that are kept, and how many values of it: an IN list can have thousands. */
const MAX_VALUE = 2000;
const MAX_VALUES = 100;
/** The file names of a scan, and other details whose name comes in several spellings, are told under one. */
const DETAIL_NAMES: Readonly<Record<string, string>> = { 'Filename(s)': 'Files', __estimated_cardinality__: 'Estimated Cardinality' };
const ESTIMATE = 'Estimated Cardinality';

/** Operators that give as many rows as come in, and have no estimate of their own. */
const PASSING = new Set([
  'PROJECTION',
  'WINDOW',
  'STREAMING_WINDOW',
  'ORDER_BY',
  'RESERVOIR_SAMPLE',
  'EXPLAIN_ANALYZE',
  'RESULT_COLLECTOR',
]);
/** Operators of the profile that are no part of the statement. */
const WRAPPERS = new Set(['EXPLAIN_ANALYZE', 'RESULT_COLLECTOR', 'QUERY']);

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads what `EXPLAIN (FORMAT json)` or `EXPLAIN (ANALYZE, FORMAT json)` gives: the operators, each behind the one that takes its rows, with
 * what was estimated and, after a run, measured. A figure that is missing is undefined; `undefined` for a text that holds no plan.
 */
export function readPhysicalPlan(text: string): Plan | undefined {
  const parsed = parse(text);
  const analyzed = isJson(parsed);
  const roots = analyzed ? childrenOf(parsed) : Array.isArray(parsed) ? parsed.filter(isJson) : [];
  const operators = withDerivedEstimates(flatten(roots, analyzed));
  if (operators.length === 0) return undefined;
  return { analyzed, operators, ...(analyzed && { totals: readTotals(parsed) }), json: withoutSpace(parsed, text) };
}

/** The operator that is expected to give most rows. */
export function largestEstimate(plan: Plan): PlanOperator | undefined {
  return plan.operators.reduce<PlanOperator | undefined>(
    (largest, operator) => ((operator.estimatedRows ?? 0) > (largest?.estimatedRows ?? 0) ? operator : largest),
    undefined,
  );
}

/** Without recursion: plans are as deep as people nest their queries. */
function flatten(roots: readonly Json[], analyzed: boolean): PlanOperator[] {
  const operators: PlanOperator[] = [];
  const open: { readonly node: Json; readonly parent: number | undefined }[] = roots.map((node) => ({ node, parent: undefined })).reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, parent } = next;
    const kind = String(node['operator_name'] ?? node['name'] ?? node['operator_type'] ?? 'UNKNOWN').trim();
    const wraps = WRAPPERS.has(kind);
    if (!wraps) operators.push(readOperator(node, kind, parent, analyzed));
    const below = wraps ? parent : operators.length - 1;
    for (const child of childrenOf(node).reverse()) open.push({ node: child, parent: below });
  }
  return operators;
}

function readOperator(node: Json, kind: string, parent: number | undefined, analyzed: boolean): PlanOperator {
  const details = readDetails(node['extra_info']);
  const estimate = numberOf(details.find(({ name }) => name === ESTIMATE)?.values[0]);
  const seconds = numberOf(node['operator_timing']);
  const figures: Omit<Mutable<PlanOperator>, 'kind' | 'parent' | 'details'> = {};
  // 0 stands where DuckDB forgot its estimate, in samples and behind a sort for instance.
  if (estimate) figures.estimatedRows = estimate;
  if (analyzed) {
    const rows = numberOf(node['operator_cardinality']);
    const rowsScanned = numberOf(node['operator_rows_scanned']);
    const resultBytes = numberOf(node['result_set_size']);
    const spillBytes = numberOf(node['system_peak_temp_dir_size']);
    if (rows !== undefined) figures.rows = rows;
    if (seconds !== undefined) figures.cpuMs = seconds * 1000;
    if (rowsScanned) figures.rowsScanned = rowsScanned;
    if (resultBytes) figures.resultBytes = resultBytes;
    if (spillBytes) figures.spillBytes = spillBytes;
  }
  return { kind, ...(parent !== undefined && { parent }), ...figures, details: details.filter(({ name }) => name !== ESTIMATE) };
}

function readTotals(root: Json): PlanTotals {
  const seconds = (name: string) => (numberOf(root[name]) ?? 0) * 1000;
  const count = (name: string) => numberOf(root[name]) ?? 0;
  return {
    elapsedMs: seconds('latency'),
    cpuMs: seconds('cpu_time'),
    blockedMs: seconds('blocked_thread_time'),
    rowsScanned: count('cumulative_rows_scanned'),
    peakMemoryBytes: count('system_peak_buffer_memory'),
    spillBytes: count('system_peak_temp_dir_size'),
    bytesRead: count('total_bytes_read'),
    bytesWritten: count('total_bytes_written'),
  };
}

/** DuckDB's details of an operator; a text of several lines counts as several values. Empty ones are left out. */
function readDetails(extra: unknown): PlanOperator['details'] {
  if (typeof extra === 'string') return extra.trim() === '' ? [] : [{ name: 'Text', values: [cut(extra)] }];
  if (!isJson(extra)) return [];
  return Object.entries(extra).flatMap(([key, value]) => {
    const all = (Array.isArray(value) ? value.map(textOf) : textOf(value).split('\n'))
      .map((text) => text.trim())
      .filter((text) => text !== '');
    const values = all.slice(0, MAX_VALUES).map(cut);
    if (all.length > MAX_VALUES) values.push(`… and ${all.length - MAX_VALUES} more`);
    return values.length === 0 ? [] : [{ name: DETAIL_NAMES[key] ?? key, values }];
  });
}

/** Some operators, a cross product for one, have no estimate of DuckDB's: it follows from those of their inputs. */
function withDerivedEstimates(operators: readonly PlanOperator[]): PlanOperator[] {
  const inputs = new Map<number, number[]>();
  for (const [index, { parent }] of operators.entries())
    if (parent !== undefined) inputs.set(parent, [...(inputs.get(parent) ?? []), index]);
  const derived = [...operators];
  for (let index = derived.length - 1; index >= 0; index--) {
    const operator = derived[index];
    if (operator === undefined || operator.estimatedRows !== undefined) continue;
    const below = (inputs.get(index) ?? []).map((input) => derived[input]?.estimatedRows);
    const rows = derivedRows(operator, below);
    if (rows !== undefined) derived[index] = { ...operator, estimatedRows: rows, estimateIsDerived: true };
  }
  return derived;
}

function derivedRows({ kind, details }: PlanOperator, below: readonly (number | undefined)[]): number | undefined {
  if (kind === 'UNGROUPED_AGGREGATE' || kind === 'DUMMY_SCAN') return 1;
  if (kind === 'EMPTY_RESULT') return 0;
  const [first] = below;
  if (first === undefined || below.includes(undefined)) return undefined;
  const known = below as readonly number[];
  if (kind === 'CROSS_PRODUCT') return known.reduce((product, rows) => product * rows, 1);
  if (kind === 'UNION') return known.reduce((sum, rows) => sum + rows, 0);
  if (PASSING.has(kind)) return first;
  if (kind === 'TOP_N' || kind === 'LIMIT' || kind === 'STREAMING_LIMIT') {
    const top = numberOf(details.find(({ name }) => name === 'Top' || name === 'Limit')?.values[0]);
    return top && Math.min(top, first);
  }
  return undefined;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** DuckDB indents, which makes deep plans many times as long. Very deep ones cannot be written otherwise. */
function withoutSpace(parsed: unknown, text: string): string {
  try {
    return JSON.stringify(parsed);
  } catch {
    return text;
  }
}

function childrenOf(node: Json): Json[] {
  const children = node['children'];
  return Array.isArray(children) ? children.filter(isJson) : [];
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A number, also as text; undefined for anything that is none, such as an estimate that overflowed. */
function numberOf(value: unknown): number | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
  const number = Number(value);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function cut(text: string): string {
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE)}…`;
}
