/**
 * What DuckDB's bound, unoptimised plan (`json_serialize_plan`) says about a SELECT: may its result be remembered, and which
 * files does it read. Only what is on a list is trusted; the physical plan and `getTableNames` would leave tables out.
 */
export type PlanVerdict =
  | { readonly kind: 'pure'; readonly files: readonly string[] }
  /** Harmless, but not the same twice, or not provable. */
  | { readonly kind: 'impure'; readonly reason: string }
  /** It may change something. */
  | { readonly kind: 'unknown'; readonly reason: string };

const OPERATORS = new Set(
  (
    'PROJECTION FILTER AGGREGATE_AND_GROUP_BY WINDOW UNNEST LIMIT ORDER_BY TOP_N DISTINCT GET DELIM_GET EXPRESSION_GET DUMMY_SCAN ' +
    'EMPTY_RESULT CTE_REF JOIN DELIM_JOIN COMPARISON_JOIN ANY_JOIN CROSS_PRODUCT POSITIONAL_JOIN ASOF_JOIN DEPENDENT_JOIN UNION ' +
    'EXCEPT INTERSECT RECURSIVE_CTE MATERIALIZED_CTE PIVOT'
  )
    .split(' ')
    .map((name) => `LOGICAL_${name}`),
);
const FILE_SCANS = new Set(['parquet_scan', 'read_parquet']);
/** Table functions whose arguments the plan does not show: trusted only where the text shows them (see `argumentsAreLiterals`). */
const RANGE_SCANS = new Set(['range', 'generate_series']);

/** Functions that DuckDB calls CONSISTENT although their result depends on time, settings or variables. */
export const MISLABELLED_FUNCTIONS = ['current_localtime', 'current_localtimestamp', 'age', 'current_setting', 'getvariable'];
/** Emitted by the binder for every scalar subquery; it only ever raises. */
const BINDER_FUNCTIONS = new Set(['error']);

/**
 * Judges a plan. `pureFunctions` are the names DuckDB itself calls CONSISTENT, less `MISLABELLED_FUNCTIONS`;
 * `knownFunctions` all built-in ones.
 */
export function judgePlan(
  planText: string,
  sql: string,
  pureFunctions: ReadonlySet<string>,
  knownFunctions: ReadonlySet<string>,
): PlanVerdict {
  const root = JSON.parse(planText) as { error?: boolean; error_message?: string };
  if (root.error) return { kind: 'unknown', reason: planFailure(root.error_message ?? 'no plan') };
  const files: string[] = [];
  let ranges = 0;
  let impure: string | undefined;
  let unknown: string | undefined;
  /** Scans under a bare `count(*)`: DuckDB names the row number there only because some column must be read. */
  const countedOnly = new Set<unknown>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const child of node) visit(child);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const fields = node as Record<string, unknown>;
    const type = typeof fields['type'] === 'string' ? fields['type'] : '';
    const name = typeof fields['name'] === 'string' ? fields['name'] : '';
    if (type.startsWith('LOGICAL_')) {
      if (type === 'LOGICAL_SAMPLE') impure ??= 'it takes a sample';
      else if (!OPERATORS.has(type)) unknown ??= `${type.slice('LOGICAL_'.length)} in its plan`;
      if (countsRows(fields)) countedOnly.add(onlyChild(fields));
      if (type === 'LOGICAL_GET') visitScan(fields, name);
    }
    if (fields['expression_class'] === 'BOUND_FUNCTION' || fields['expression_class'] === 'BOUND_AGGREGATE') {
      if (!pureFunctions.has(name) && !BINDER_FUNCTIONS.has(name)) {
        if (knownFunctions.has(name)) impure ??= `${name}() can give another value each time`;
        else unknown ??= `the function ${name}() is not known`;
      }
    }
    for (const child of Object.values(fields)) visit(child);
  };
  const visitScan = (fields: Record<string, unknown>, name: string): void => {
    const data = (fields['function_data'] ?? {}) as { files?: unknown };
    if (readsRowId(fields['column_indexes']) && !countedOnly.has(fields)) impure ??= 'it reads rowid, which a checkpoint can renumber';
    if (name === 'seq_scan') return;
    if (RANGE_SCANS.has(name)) ranges++;
    else if (FILE_SCANS.has(name) && Array.isArray(data.files)) files.push(...data.files.map(String));
    else if (/^(duckdb|pragma|pg)_/.test(name)) impure ??= `it reads ${name}(), which describes the moment`;
    else unknown ??= `it reads ${name}()`;
  };
  visit(root);
  if (unknown) return { kind: 'unknown', reason: unknown };
  if (impure) return { kind: 'impure', reason: impure };
  const remote = files.find((file) => /^[a-z][a-z0-9+.-]+:\/\//i.test(file));
  if (remote) return { kind: 'impure', reason: 'it reads a remote file' };
  if (ranges > 0 && !rangesAreLiteral(sql, ranges)) return { kind: 'impure', reason: 'the arguments of range() are not plain values' };
  return { kind: 'pure', files: [...new Set(files)] };
}

function planFailure(message: string): string {
  if (message.startsWith('CSVReader')) return 'it reads a CSV file';
  if (message.startsWith('JSONScan')) return 'it reads a JSON file';
  return 'DuckDB gives no plan for it';
}

/** `count(*)` without groups: it sees no column at all. */
function countsRows(fields: Record<string, unknown>): boolean {
  const { expressions, groups } = fields as { expressions?: unknown; groups?: unknown[] };
  if (fields['type'] !== 'LOGICAL_AGGREGATE_AND_GROUP_BY' || (groups?.length ?? 0) > 0 || !Array.isArray(expressions)) return false;
  return expressions.every((aggregate: { name?: unknown; children?: unknown; filter?: unknown }) => {
    return aggregate.name === 'count_star' && aggregate.children === undefined && aggregate.filter === undefined;
  });
}

function onlyChild(fields: Record<string, unknown>): unknown {
  const { children } = fields;
  return Array.isArray(children) && children.length === 1 ? children[0] : undefined;
}

/** The row number is a column index beyond all real ones (2^64 - 1, rounded by JSON). */
function readsRowId(columnIndexes: unknown): boolean {
  if (!Array.isArray(columnIndexes)) return false;
  return columnIndexes.some((entry: { index?: unknown }) => Number(entry?.index) > Number.MAX_SAFE_INTEGER);
}

/** True when as many `range(…)` calls with nothing but numbers and strings stand in the text as the plan has: none hides in a view. */
function rangesAreLiteral(sql: string, count: number): boolean {
  const literal =
    /\b(?:range|generate_series)\s*\(\s*(?:[-+\d_.,\s]|'[^']*'|\b(?:date|timestamp|timestamptz|interval|day|days|hour|hours|month|months|year|years|minute|minutes)\b|::)*\)/gi;
  return (
    (sql.match(literal)?.length ?? 0) >= count &&
    (sql.match(/\b(?:range|generate_series)\s*\(/gi)?.length ?? 0) === (sql.match(literal)?.length ?? 0)
  );
}
