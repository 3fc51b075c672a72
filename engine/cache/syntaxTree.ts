/**
 * What a SELECT mentions, read from DuckDB's syntax tree (`json_serialize_sql` with skip_null, skip_empty and skip_default). Only
 * known kinds of nodes with known fields are read; anything else is a refusal, because what it hides is not known.
 */
export interface SyntaxFindings {
  readonly tables: readonly WrittenName[];
  /** Lower case; any of `tables` without a schema may mean one of these instead. */
  readonly cteNames: ReadonlySet<string>;
  readonly tableFunctions: readonly TableFunctionCall[];
  /** Scalar, aggregate and window functions in lower case, also those that are written like a column (`current_date`). */
  readonly functions: ReadonlySet<string>;
  readonly refusals: readonly Refusal[];
}

/** A name as it is written: parts that are not written are empty. */
export interface WrittenName {
  readonly catalog: string;
  readonly schema: string;
  readonly name: string;
}

export interface TableFunctionCall {
  /** Lower case. */
  readonly name: string;
  /** The first argument, if it is a string or a list of strings and nothing else. */
  readonly patterns: readonly string[] | undefined;
  readonly positionalCount: number;
  /** Names of named arguments in lower case. */
  readonly named: readonly string[];
}

/** Why a SELECT cannot be proved. `harmless` means that this certainly changes nothing. */
export interface Refusal {
  readonly reason: string;
  readonly harmless: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Shape of a node → its fields and the kind of what is in them. Kinds `query`, `ref`, `modifier` and `expr` pick the shape by the
 * node's own type or class; lists are walked item by item; `skip` holds nothing that refers to anything.
 */
const SHAPES: ReadonlyMap<string, ReadonlyMap<string, string>> = compile({
  statement: 'node:query named_param_map:skip',
  cteMap: 'map:cteEntry',
  cteEntry: 'key:skip value:cte',
  cte: 'query:statement aliases:skip materialized:skip key_targets:expr',
  'query SELECT_NODE':
    'modifiers:modifier cte_map:cteMap select_list:expr from_table:ref where_clause:expr group_expressions:expr group_sets:skip ' +
    'aggregate_handling:skip having:expr qualify:expr sample:sample',
  'query SET_OPERATION_NODE': 'modifiers:modifier cte_map:cteMap setop_type:skip setop_all:skip left:query right:query children:query',
  'query RECURSIVE_CTE_NODE':
    'modifiers:modifier cte_map:cteMap cte_name:skip union_all:skip left:query right:query aliases:skip key_targets:expr',
  'modifier ORDER_MODIFIER': 'orders:order',
  'modifier LIMIT_MODIFIER': 'limit:expr offset:expr',
  'modifier LIMIT_PERCENT_MODIFIER': 'limit:expr offset:expr',
  'modifier DISTINCT_MODIFIER': 'distinct_on_targets:expr',
  order: 'type:skip null_order:skip expression:expr',
  'ref EMPTY': '',
  'ref BASE_TABLE': 'catalog_name:skip schema_name:skip table_name:skip',
  'ref JOIN': 'left:ref right:ref condition:expr join_type:skip ref_type:skip using_columns:names delim_flipped:skip',
  'ref SUBQUERY': 'subquery:statement',
  'ref TABLE_FUNCTION': 'function:tableFunction with_ordinality:skip',
  'ref EXPRESSION_LIST': 'values:expr expected_names:skip',
  'ref PIVOT': 'source:ref aggregates:expr unpivot_names:skip pivots:pivot groups:names include_nulls:skip',
  'ref SHOW_REF': 'query:query show_type:skip table_name:skip schema_name:skip catalog_name:skip',
  pivot: 'pivot_expressions:expr unpivot_names:skip entries:pivotEntry pivot_enum:skip',
  pivotEntry: 'values:skip alias:skip star_expr:expr expr:expr',
  tableFunction:
    'class:skip type:skip query_location:skip alias:skip catalog:skip schema:skip function_name:skip children:expr order_bys:modifier',
  'expr COLUMN_REF': 'column_names:skip',
  'expr CONSTANT': 'value:skip',
  'expr PARAMETER': 'identifier:skip',
  'expr POSITIONAL_REFERENCE': 'index:skip',
  'expr FUNCTION':
    'catalog:skip schema:skip function_name:skip children:expr filter:expr order_bys:modifier distinct:skip is_operator:skip export_state:skip',
  'expr WINDOW':
    'catalog:skip schema:skip function_name:skip children:expr partitions:expr orders:order start:skip end:skip start_expr:expr ' +
    'end_expr:expr offset_expr:expr default_expr:expr filter_expr:expr ignore_nulls:skip exclude_clause:skip distinct:skip arg_orders:order',
  'expr COMPARISON': 'left:expr right:expr',
  'expr CONJUNCTION': 'children:expr',
  'expr OPERATOR': 'children:expr',
  'expr CAST': 'child:expr cast_type:skip try_cast:skip',
  'expr CASE': 'case_checks:caseCheck else_expr:expr',
  caseCheck: 'when_expr:expr then_expr:expr',
  'expr BETWEEN': 'input:expr lower:expr upper:expr',
  'expr SUBQUERY': 'subquery_type:skip subquery:statement child:expr comparison_type:skip',
  'expr LAMBDA': 'lhs:expr expr:expr',
  'expr STAR':
    'relation_name:skip exclude_list:skip qualified_exclude_list:skip replace_list:replacement rename_list:skip columns:skip expr:expr unpacked:skip',
  replacement: 'key:skip value:expr',
  'expr COLLATE': 'child:expr collation:skip',
});

const PICKED_BY_TYPE = new Set(['query', 'ref', 'modifier']);
/** Fields that every reference to a table, and every expression, can have. */
const COMMON: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  query: fieldsOf('type:skip'),
  modifier: fieldsOf('type:skip'),
  ref: fieldsOf('type:skip alias:skip query_location:skip column_name_alias:skip sample:sample'),
  expr: fieldsOf('class:skip type:skip alias:skip query_location:skip'),
};

const OPERATORS =
  /^(?:OPERATOR_(?:NOT|IS_NULL|IS_NOT_NULL|COALESCE|NULLIF|TRY|UNPACK)|COMPARE_(?:NOT_)?IN|ARRAY_(?:EXTRACT|SLICE|CONSTRUCTOR)|STRUCT_EXTRACT|ARROW|GROUPING_FUNCTION)$/;

/** Names that DuckDB's binder takes for a call when no column has them, and the function it then calls. */
const CALLED_WITHOUT_PARENTHESES: ReadonlyMap<string, string> = new Map([
  ['current_catalog', 'current_catalog'],
  ['current_date', 'current_date'],
  ['current_role', 'current_role'],
  ['current_schema', 'current_schema'],
  ['current_time', 'get_current_time'],
  ['current_timestamp', 'get_current_timestamp'],
  ['current_user', 'current_user'],
  ['localtime', 'current_localtime'],
  ['localtimestamp', 'current_localtimestamp'],
  ['session_user', 'session_user'],
  ['user', 'user'],
]);

/** Reads one statement's tree. A text that DuckDB could not serialise, or that is several statements, is one refusal. */
export function readSyntaxTree(treeText: string): SyntaxFindings {
  const reader = new TreeReader();
  const root = JSON.parse(treeText) as { error?: unknown; statements?: unknown };
  if (root.error !== false || !Array.isArray(root.statements) || root.statements.length !== 1) {
    reader.refusals.push({ reason: 'DuckDB gives no syntax tree for it', harmless: false });
    return reader;
  }
  // Any place that names it, also a list of plain names, as in USING.
  if (/"rowid"/i.test(treeText)) reader.refusals.push({ reason: 'it reads rowid, which a checkpoint can renumber', harmless: true });
  reader.walk('statement', root.statements[0]);
  return reader;
}

class TreeReader implements SyntaxFindings {
  readonly tables: WrittenName[] = [];
  readonly cteNames = new Set<string>();
  readonly tableFunctions: TableFunctionCall[] = [];
  readonly functions = new Set<string>();
  readonly refusals: Refusal[] = [];

  walk(kind: string, value: unknown): void {
    if (kind === 'skip') return;
    if (Array.isArray(value)) {
      for (const item of value) this.walk(kind, item);
      return;
    }
    if (kind === 'names') this.#visitName(textOf(value));
    else if (kind === 'sample') this.refusals.push({ reason: 'it takes a sample', harmless: true });
    else if (typeof value === 'object' && value !== null) this.#walkNode(kind, value as Fields);
    else this.#refuseUnknown(kind);
  }

  #walkNode(kind: string, node: Fields): void {
    const shape = PICKED_BY_TYPE.has(kind) ? `${kind} ${textOf(node['type'])}` : kind === 'expr' ? `expr ${textOf(node['class'])}` : kind;
    const fields = SHAPES.get(shape);
    if (!fields) {
      this.#refuseUnknown(shape);
      return;
    }
    this.#visit(shape, node);
    for (const [name, value] of Object.entries(node)) {
      const child = fields.get(name) ?? COMMON[kind]?.get(name);
      if (child === undefined) this.#refuseUnknown(`${name} in ${shape}`);
      else this.walk(child, value);
    }
  }

  #visit(shape: string, node: Fields): void {
    switch (shape) {
      case 'ref BASE_TABLE':
        this.tables.push({ catalog: textOf(node['catalog_name']), schema: textOf(node['schema_name']), name: textOf(node['table_name']) });
        return;
      case 'ref SHOW_REF':
        if (node['query'] === undefined) this.refusals.push({ reason: 'it reads the catalog, which describes the moment', harmless: true });
        return;
      case 'tableFunction':
        this.tableFunctions.push(tableFunctionCall(node));
        return;
      case 'cteEntry':
        this.cteNames.add(textOf(node['key']).toLowerCase());
        return;
      case 'expr FUNCTION':
      case 'expr WINDOW':
        this.functions.add(textOf(node['function_name']).toLowerCase());
        return;
      case 'expr COLUMN_REF': {
        const names = listOf(node['column_names']);
        if (names.length === 1) this.#visitName(textOf(names[0]));
        return;
      }
      case 'expr OPERATOR':
        if (!OPERATORS.test(textOf(node['type']))) this.#refuseUnknown(textOf(node['type']));
        return;
    }
  }

  #visitName(name: string): void {
    const called = CALLED_WITHOUT_PARENTHESES.get(name.toLowerCase());
    if (called !== undefined) this.functions.add(called);
  }

  #refuseUnknown(what: string): void {
    this.refusals.push({ reason: `${what} is not known`, harmless: false });
  }
}

function tableFunctionCall(node: Fields): TableFunctionCall {
  const named: string[] = [];
  const positional: unknown[] = [];
  for (const child of listOf(node['children']) as Fields[]) {
    const name = nameOfArgument(child);
    if (name === undefined) positional.push(child);
    else named.push(name.toLowerCase());
  }
  return {
    name: textOf(node['function_name']).toLowerCase(),
    patterns: constantStrings(positional[0]),
    positionalCount: positional.length,
    named,
  };
}

/** `name := value` is an alias in the tree, `name = value` a comparison. */
function nameOfArgument(argument: Fields): string | undefined {
  if (typeof argument['alias'] === 'string') return argument['alias'];
  if (argument['type'] !== 'COMPARE_EQUAL') return undefined;
  const left = argument['left'] as Fields | undefined;
  const names = listOf(left?.['column_names']);
  return left?.['class'] === 'COLUMN_REF' && names.length === 1 ? textOf(names[0]) : undefined;
}

function constantStrings(argument: unknown): readonly string[] | undefined {
  const node = (argument ?? {}) as Fields;
  const single = constantString(node);
  if (single !== undefined) return [single];
  const isList = (node['class'] === 'FUNCTION' && node['function_name'] === 'list_value') || node['type'] === 'ARRAY_CONSTRUCTOR';
  if (!isList) return undefined;
  const strings = listOf(node['children']).map((child) => constantString(child as Fields));
  return strings.length > 0 && strings.every((text) => text !== undefined) ? strings : undefined;
}

function constantString(node: Fields): string | undefined {
  if (node['class'] !== 'CONSTANT') return undefined;
  const value = node['value'] as { type?: { id?: unknown }; value?: unknown } | undefined;
  return value?.type?.id === 'VARCHAR' && typeof value.value === 'string' ? value.value : undefined;
}

function compile(shapes: Readonly<Record<string, string>>): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return new Map(Object.entries(shapes).map(([shape, fields]) => [shape, fieldsOf(fields)]));
}

function fieldsOf(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(' ').filter(Boolean);
  return new Map(pairs.map((pair) => pair.split(':') as [string, string]));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
