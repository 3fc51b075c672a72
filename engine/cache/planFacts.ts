import {
  bothEffects,
  DEFINITIONS_EFFECT,
  type Effect,
  NO_EFFECT,
  SETTINGS_EFFECT,
  type TableName,
  TEMPORARY,
  UNKNOWN_EFFECT,
} from './effect.ts';

/**
 * What DuckDB's bound, unoptimised plan (`json_serialize_plan`) says about a statement: what it reads, what it may change, and
 * whether it would give the same again. Only what is on a list is trusted; the physical plan and `getTableNames` leave tables out.
 */
export interface PlanFacts {
  /** False for statements that change something or describe the moment: their result is never remembered. */
  readonly pure: boolean;
  /** Why it is not pure, as a part of a sentence. */
  readonly reason: string;
  /** What it reads or writes can differ each time, even if nothing changed: random(), nextval(), a sample. */
  readonly volatile: boolean;
  readonly effect: Effect;
  readonly tables: readonly TableName[];
  /** Databases whose row numbers it reads: a checkpoint, caused by any write there, can change those. */
  readonly rowIdCatalogs: readonly string[];
  /** Files it reads, globs expanded. */
  readonly files: readonly string[];
  /** File patterns as given to `read_text` and `read_blob`. */
  readonly patterns: readonly string[];
  /** It reads temporary tables, which are those of its session. */
  readonly temporary: boolean;
}

/** Why there is no plan: `textFile` for scans that DuckDB cannot serialise, `mistake` for what will fail when it runs. */
export type PlanFailure = { readonly failed: 'textFile' | 'mistake' | 'other'; readonly reason: string };

/** Names of DuckDB's own scalar and aggregate functions, read before a user could add any. */
export interface FunctionNames {
  /** Those that give the same for the same arguments. */
  readonly pure: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
}

const QUERY_OPERATORS = new Set(
  (
    'PROJECTION FILTER AGGREGATE_AND_GROUP_BY WINDOW UNNEST LIMIT ORDER_BY TOP_N DISTINCT GET DELIM_GET EXPRESSION_GET DUMMY_SCAN ' +
    'EMPTY_RESULT CTE_REF JOIN DELIM_JOIN COMPARISON_JOIN ANY_JOIN CROSS_PRODUCT POSITIONAL_JOIN ASOF_JOIN DEPENDENT_JOIN UNION ' +
    'EXCEPT INTERSECT RECURSIVE_CTE MATERIALIZED_CTE PIVOT'
  )
    .split(' ')
    .map((name) => `LOGICAL_${name}`),
);
const PARQUET_SCANS = new Set(['parquet_scan', 'read_parquet']);
const WHOLE_FILE_SCANS = new Set(['read_text', 'read_blob']);
/** Table functions of their arguments alone; the plan shows the arguments as bound. */
const ARGUMENT_SCANS = new Set(['range', 'generate_series', 'repeat', 'repeat_row', 'unnest', 'json_each', 'json_tree']);
/** Table functions that change nothing and describe the moment. */
const DESCRIBING_SCANS = /^(?:duckdb_|pragma_|pg_|parquet_|test_|glob$|summary$|sniff_csv$|sql_auto_complete$|icu_|arrow_scan)/;

/** Functions that DuckDB calls CONSISTENT although their result depends on time, settings, variables, the catalog or files. */
export const MISLABELLED_FUNCTIONS = [
  'current_localtime',
  'current_localtimestamp',
  'age',
  'current_setting',
  'getvariable',
  'json_serialize_plan',
];
/** Emitted by the binder for every scalar subquery; it only ever raises. */
const BINDER_FUNCTIONS = new Set(['error']);

const DEFINITION_ENTRIES = new Set(['VIEW_ENTRY', 'MACRO_ENTRY', 'TABLE_MACRO_ENTRY', 'TYPE_ENTRY', 'INDEX_ENTRY', 'SEQUENCE_ENTRY']);

type Fields = Readonly<Record<string, unknown>>;

/** Reads a plan as `json_serialize_plan` gives it. */
export function readPlan(planText: string, functions: FunctionNames): PlanFacts | PlanFailure {
  const root = JSON.parse(planText) as { error?: boolean; error_type?: string; error_message?: string };
  if (root.error) return planFailure(root.error_type ?? '', root.error_message ?? '');
  const reader = new PlanReader(functions);
  reader.visit(root);
  return reader.facts();
}

class PlanReader {
  readonly #functions: FunctionNames;
  readonly #tables = new Map<string, TableName>();
  readonly #rowIdCatalogs = new Set<string>();
  readonly #files = new Set<string>();
  readonly #patterns = new Set<string>();
  /** Scans under a bare `count(*)`: DuckDB names the row number there only because some column must be read. */
  readonly #countedOnly = new Set<unknown>();
  #effect: Effect = NO_EFFECT;
  #impure: string | undefined;
  #volatile = false;

  constructor(functions: FunctionNames) {
    this.#functions = functions;
  }

  visit(node: unknown): void {
    if (Array.isArray(node)) {
      for (const child of node) this.visit(child);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const fields = node as Fields;
    const type = text(fields['type']);
    const expressionClass = fields['expression_class'];
    if (expressionClass === 'BOUND_FUNCTION' || expressionClass === 'BOUND_AGGREGATE') this.#visitFunction(text(fields['name']));
    else if (type.startsWith('LOGICAL_')) this.#visitOperator(type, fields);
    for (const child of Object.values(fields)) this.visit(child);
  }

  facts(): PlanFacts {
    const remote = [...this.#files, ...this.#patterns].some((file) => /^[a-z][a-z0-9+.-]+:\/\//i.test(file));
    if (remote) this.#impure ??= 'it reads a remote file';
    const tables = [...this.#tables.values()];
    return {
      pure: this.#impure === undefined,
      reason: this.#impure ?? '',
      volatile: this.#volatile,
      effect: this.#effect,
      tables,
      rowIdCatalogs: [...this.#rowIdCatalogs],
      files: [...this.#files],
      patterns: [...this.#patterns],
      temporary: tables.some((table) => table.catalog === TEMPORARY),
    };
  }

  #visitFunction(name: string): void {
    if (this.#functions.pure.has(name) || BINDER_FUNCTIONS.has(name)) return;
    this.#volatile = true;
    if (this.#functions.known.has(name)) this.#impure ??= `${name}() can give another value each time`;
    else this.#unknown(`the function ${name}() is not known`);
  }

  #visitOperator(type: string, fields: Fields): void {
    if (type === 'LOGICAL_GET') this.#visitScan(fields);
    else if (type === 'LOGICAL_SAMPLE') this.#differs('it takes a sample');
    else if (type === 'LOGICAL_CHUNK_GET') this.#differs('it describes the moment');
    else if (!QUERY_OPERATORS.has(type)) this.#visitChange(type.slice('LOGICAL_'.length), fields);
    if (countsRows(fields)) this.#countedOnly.add(onlyChild(fields));
  }

  #visitScan(fields: Fields): void {
    const name = text(fields['name']);
    const data = (fields['function_data'] ?? {}) as Fields;
    if (name === 'seq_scan') {
      const table = tableName(data);
      if (!table) this.#unknown('it reads a table without a name');
      else {
        this.#tables.set(JSON.stringify(table), table);
        if (readsRowId(fields['column_indexes']) && !this.#countedOnly.has(fields)) this.#rowIdCatalogs.add(table.catalog);
      }
      return;
    }
    if (ARGUMENT_SCANS.has(name)) return;
    if (PARQUET_SCANS.has(name) && Array.isArray(data['files'])) {
      for (const file of data['files']) this.#files.add(String(file));
    } else if (WHOLE_FILE_SCANS.has(name)) {
      const patterns = stringsIn(fields['parameters']);
      if (patterns.length === 0) this.#impure ??= `the files of ${name}() are not plain text`;
      for (const pattern of patterns) this.#patterns.add(pattern);
    } else if (DESCRIBING_SCANS.test(name)) this.#differs(`it reads ${name}(), which describes the moment`);
    else this.#unknown(`it reads ${name}()`);
  }

  /** Operators of statements that change something. */
  #visitChange(operator: string, fields: Fields): void {
    this.#impure ??= 'it changes something';
    this.#effect = bothEffects(this.#effect, effectOf(operator, fields));
  }

  #differs(reason: string): void {
    this.#impure ??= reason;
    this.#volatile = true;
  }

  #unknown(reason: string): void {
    // The reason of an unknown function is the one to show: it is why everything counts as changed.
    this.#impure = this.#effect.all ? this.#impure : reason;
    this.#effect = UNKNOWN_EFFECT;
  }
}

function effectOf(operator: string, fields: Fields): Effect {
  const info = (fields['info'] ?? {}) as Fields;
  switch (operator) {
    case 'INSERT':
    case 'UPDATE':
    case 'DELETE':
    case 'MERGE_INTO':
      return writes(tableName((fields['table_info'] ?? {}) as Fields));
    case 'CREATE_TABLE':
      return bothEffects(writes(tableName(info)), DEFINITIONS_EFFECT);
    case 'CREATE_MACRO':
      return { ...DEFINITIONS_EFFECT, macros: true };
    case 'CREATE_VIEW':
    case 'CREATE_TYPE':
    case 'CREATE_SEQUENCE':
    case 'CREATE_INDEX':
    case 'CREATE_SCHEMA':
      return DEFINITIONS_EFFECT;
    case 'DROP':
      if (info['type'] === 'TABLE_ENTRY') return bothEffects(writes(tableName({ ...info, table: info['name'] })), DEFINITIONS_EFFECT);
      if (!DEFINITION_ENTRIES.has(text(info['type']))) return UNKNOWN_EFFECT;
      return { ...DEFINITIONS_EFFECT, macros: text(info['type']).includes('MACRO') };
    case 'ALTER': {
      if (info['type'] === 'ALTER_VIEW' || info['type'] === 'SET_COMMENT') return DEFINITIONS_EFFECT;
      const catalog = text(info['catalog']).toLowerCase();
      return catalog === '' || catalog === TEMPORARY ? UNKNOWN_EFFECT : { ...DEFINITIONS_EFFECT, catalogs: [catalog] };
    }
    case 'COPY_TO_FILE':
      return NO_EFFECT;
    case 'SET':
      return fields['scope'] === 'VARIABLE' ? NO_EFFECT : SETTINGS_EFFECT;
    case 'RESET':
      return SETTINGS_EFFECT;
    default:
      return UNKNOWN_EFFECT;
  }
}

/** Everything when DuckDB did not say which table it is. */
function writes(table: TableName | undefined): Effect {
  return table ? { ...NO_EFFECT, tables: [table] } : UNKNOWN_EFFECT;
}

function tableName(fields: Fields): TableName | undefined {
  const catalog = text(fields['catalog']).toLowerCase();
  const schema = text(fields['schema']).toLowerCase();
  const table = text(fields['table']).toLowerCase();
  return catalog !== '' && schema !== '' && table !== '' ? { catalog, schema, table } : undefined;
}

function planFailure(type: string, message: string): PlanFailure {
  if (message.startsWith('CSVReader')) return { failed: 'textFile', reason: 'it reads a CSV file' };
  if (message.startsWith('JSONScan')) return { failed: 'textFile', reason: 'it reads a JSON file' };
  const failed = /^(?:binder|catalog|parser)$/i.test(type) && !message.startsWith('PRAGMA') ? 'mistake' : 'other';
  return { failed, reason: 'DuckDB gives no plan for it' };
}

/** `count(*)` without groups: it sees no column at all. */
function countsRows(fields: Fields): boolean {
  const { expressions, groups } = fields as { expressions?: unknown; groups?: unknown[] };
  if (fields['type'] !== 'LOGICAL_AGGREGATE_AND_GROUP_BY' || (groups?.length ?? 0) > 0 || !Array.isArray(expressions)) return false;
  return expressions.every((aggregate: { name?: unknown; children?: unknown; filter?: unknown }) => {
    return aggregate.name === 'count_star' && aggregate.children === undefined && aggregate.filter === undefined;
  });
}

function onlyChild(fields: Fields): unknown {
  const { children } = fields;
  return Array.isArray(children) && children.length === 1 ? children[0] : undefined;
}

/** The row number is a column index beyond all real ones (2^64 - 1, rounded by JSON). */
function readsRowId(columnIndexes: unknown): boolean {
  if (!Array.isArray(columnIndexes)) return false;
  return columnIndexes.some((entry: { index?: unknown }) => Number(entry?.index) > Number.MAX_SAFE_INTEGER);
}

/** The texts of a table function's parameters: one string, or a list of them. */
function stringsIn(parameters: unknown): string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') found.push(value);
    else if (Array.isArray(value)) for (const item of value) visit((item as Fields | null)?.['value']);
    else if (typeof value === 'object' && value !== null) visit((value as Fields)['children']);
  };
  visit(parameters);
  return found;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
