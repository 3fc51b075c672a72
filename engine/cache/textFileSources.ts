import type { CatalogView, Relation } from './catalogView.ts';
import type { TableName } from './effect.ts';
import type { FunctionNames } from './planFacts.ts';
import { type Refusal, readSyntaxTree, type SyntaxFindings, type TableFunctionCall, type WrittenName } from './syntaxTree.ts';

/** Everything a SELECT over text files is computed from, or why that cannot be said. */
export type SourcesVerdict =
  | {
      readonly kind: 'sources';
      /** In lower case, also those that a name only may mean. */
      readonly tables: readonly TableName[];
      /** `catalog.schema.name` */
      readonly views: readonly string[];
      /** Paths and globs as DuckDB is given them. */
      readonly patterns: readonly string[];
      /** The query and the views and macros that it goes through, as text: equal ones mean the same query over the same names. */
      readonly texts: readonly string[];
    }
  /** `harmless`: it certainly changes nothing, so that running it makes nothing else stale. */
  | { readonly kind: 'refused'; readonly reason: string; readonly harmless: boolean };

const FILE_NAMES = /\.(?:csv|tsv|json|jsonl|ndjson|parquet)(?:\.(?:gz|zst))?(?:\?.*)?$/i;

const SHARED_ARGUMENTS = 'compression filename hive_partitioning hive_types hive_types_autocast union_by_name';
const CSV_ARGUMENTS = names(
  `${SHARED_ARGUMENTS} all_varchar allow_quoted_nulls auto_detect auto_type_candidates buffer_size column_names column_types columns comment ` +
    'dateformat decimal_separator delim dtypes encoding escape files_to_sniff force_not_null header ignore_errors max_line_size ' +
    'maximum_line_size names new_line normalize_names null_padding nullstr parallel quote sample_size sep skip strict_mode thousands ' +
    'timestampformat types',
);
const JSON_ARGUMENTS = names(
  `${SHARED_ARGUMENTS} auto_detect columns convert_strings_to_integers date_format dateformat field_appearance_threshold format ` +
    'ignore_errors map_inference_threshold maximum_depth maximum_object_size maximum_sample_files records sample_size timestamp_format ' +
    'timestampformat',
);
const PARQUET_ARGUMENTS = names(
  `${SHARED_ARGUMENTS} binary_as_string can_have_nan explicit_cardinality file_row_number parquet_version schema`,
);
/** Readers of files and the named arguments that neither write nor read anything else: `store_rejects` fills a table. */
const FILE_READERS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['read_csv', CSV_ARGUMENTS],
  ['read_csv_auto', CSV_ARGUMENTS],
  ...['read_json', 'read_json_auto', 'read_json_objects', 'read_json_objects_auto'].map((name) => [name, JSON_ARGUMENTS] as const),
  ...['read_ndjson', 'read_ndjson_auto', 'read_ndjson_objects'].map((name) => [name, JSON_ARGUMENTS] as const),
  ['read_parquet', PARQUET_ARGUMENTS],
  ['parquet_scan', PARQUET_ARGUMENTS],
  ['read_text', new Set<string>()],
  ['read_blob', new Set<string>()],
]);
/** Their arguments are computed from what is proved anyway: each function in them is looked at. */
const PURE_TABLE_FUNCTIONS = names('generate_series json_each json_tree range repeat repeat_row unnest');
/** They describe the moment, and change nothing. */
const DESCRIBING_TABLE_FUNCTIONS =
  /^(?:duckdb_.*|pragma_.*|pg_timezone_names|icu_calendar_names|glob|sniff_csv|parquet_(?:metadata|schema|file_metadata|full_metadata|kv_metadata|bloom_probe))$/;

const FUNCTIONS_WITH_EFFECTS = names('nextval setseed write_log');
/** CONSISTENT to DuckDB although its result depends on files and on the catalog. */
const PLANNING_FUNCTIONS = names('json_serialize_plan');
/** Not in DuckDB's list of functions, or volatile only because they raise. */
const PLAIN_FUNCTIONS = names('unnest error');

/**
 * Finds what a SELECT reads, through views and macros. A name that may mean several things counts as all of them. It cannot see
 * what a name will mean after the next CREATE, DROP, ATTACH or SET: the caller forgets the answer then.
 *
 * `parse` gives DuckDB's syntax tree of a text (see `readSyntaxTree`). `catalog` is the session's own, of this moment.
 */
export async function findSources(
  sql: string,
  catalog: CatalogView,
  functions: FunctionNames,
  parse: (sql: string) => Promise<string>,
): Promise<SourcesVerdict> {
  const finder = new SourceFinder(catalog, functions, parse);
  await finder.read(sql);
  return finder.verdict();
}

class SourceFinder {
  readonly #catalog: CatalogView;
  readonly #builtIn: FunctionNames;
  readonly #parse: (sql: string) => Promise<string>;
  readonly #tables = new Map<string, TableName>();
  readonly #views = new Set<string>();
  readonly #patterns = new Set<string>();
  readonly #refusals: Refusal[] = [];
  readonly #functions = new Set<string>();
  readonly #texts = new Set<string>();
  /** Bodies of views and macros that are still to be read. */
  readonly #waiting: string[] = [];

  constructor(catalog: CatalogView, functions: FunctionNames, parse: (sql: string) => Promise<string>) {
    this.#catalog = catalog;
    this.#builtIn = functions;
    this.#parse = parse;
  }

  async read(sql: string): Promise<void> {
    if (this.#catalog.foreign) this.#refuse('a database of another kind is attached', true);
    // A macro with the name of a built-in function also answers calls that DuckDB makes itself, as SUMMARIZE does.
    for (const name of this.#catalog.userMacroNames) {
      if (this.#builtIn.known.has(name) || this.#catalog.macrosNamed(name).some((macro) => macro.internal)) this.#readMacros(name);
    }
    this.#enqueue(sql);
    for (let text = this.#waiting.pop(); text !== undefined; text = this.#waiting.pop()) {
      this.#look(readSyntaxTree(await this.#parse(text)));
    }
  }

  verdict(): SourcesVerdict {
    const refusal = this.#refusals.find(({ harmless }) => !harmless) ?? this.#refusals[0];
    if (refusal) return { kind: 'refused', ...refusal };
    return {
      kind: 'sources',
      tables: [...this.#tables.values()],
      views: [...this.#views],
      patterns: [...this.#patterns],
      texts: [...this.#texts],
    };
  }

  #look(findings: SyntaxFindings): void {
    this.#refusals.push(...findings.refusals);
    for (const table of findings.tables) this.#lookAtTable(table, findings.cteNames);
    for (const call of findings.tableFunctions) this.#lookAtTableFunction(call);
    for (const name of findings.functions) this.#lookAtFunction(name);
  }

  #lookAtTable(table: WrittenName, cteNames: ReadonlySet<string>): void {
    const meant = this.#catalog.relationsNamed(table.name).filter((relation) => canMean(table, relation));
    for (const relation of meant) this.#lookAtRelation(relation);
    const written = [table.catalog, table.schema, table.name].filter(Boolean).join('.');
    // The file counts beside a table of its name: that table may lie where this session does not look.
    if (FILE_NAMES.test(written)) this.#addPatterns([written]);
    else if (meant.length === 0 && !isCteName(table, cteNames)) this.#refuse(`${written} is not known`, false);
  }

  #lookAtRelation(relation: Relation): void {
    const name = `${relation.catalog}.${relation.schema}.${relation.name}`;
    switch (relation.kind) {
      case 'table':
        this.#tables.set(name, { catalog: relation.catalog, schema: relation.schema, table: relation.name });
        return;
      case 'generated':
        this.#refuse(`${relation.name} has computed columns`, true);
        return;
      case 'system':
        this.#refuse(`it reads ${relation.name}, which describes the moment`, true);
        return;
      case 'view':
        this.#views.add(name);
        if (relation.select === undefined) this.#refuse(`the view ${relation.name} cannot be read`, false);
        else this.#enqueue(relation.select);
        return;
    }
  }

  #lookAtTableFunction(call: TableFunctionCall): void {
    const hasMacro = this.#readMacros(call.name);
    const allowed = FILE_READERS.get(call.name);
    if (allowed) {
      const other = call.named.find((name) => !allowed.has(name));
      if (other !== undefined) this.#refuse(`${call.name}(${other}) can do more than read`, false);
      if (call.patterns === undefined || call.positionalCount !== 1) this.#refuse(`the path in ${call.name}() is not a plain value`, true);
      else this.#addPatterns(call.patterns);
    } else if (DESCRIBING_TABLE_FUNCTIONS.test(call.name)) {
      this.#refuse(`it reads ${call.name}(), which describes the moment`, true);
    } else if (!PURE_TABLE_FUNCTIONS.has(call.name) && !hasMacro) {
      this.#refuse(`it reads ${call.name}()`, false);
    }
  }

  #lookAtFunction(name: string): void {
    if (this.#functions.has(name)) return;
    this.#functions.add(name);
    const hasMacro = this.#readMacros(name);
    if (PLANNING_FUNCTIONS.has(name)) this.#refuse(`${name}() depends on more than its arguments`, true);
    else if (PLAIN_FUNCTIONS.has(name) || this.#builtIn.pure.has(name)) return;
    else if (FUNCTIONS_WITH_EFFECTS.has(name)) this.#refuse(`${name}() changes something`, false);
    else if (this.#builtIn.known.has(name)) this.#refuse(`${name}() can give another value each time`, true);
    else if (!hasMacro) this.#refuse(`the function ${name}() is not known`, false);
  }

  /** Reads all macros of a name, whichever the call means. */
  #readMacros(name: string): boolean {
    const macros = this.#catalog.macrosNamed(name);
    for (const macro of macros) this.#enqueue(macro.kind === 'table' ? macro.definition : `select (${macro.definition})`);
    return macros.length > 0;
  }

  #addPatterns(patterns: readonly string[]): void {
    for (const pattern of patterns) {
      // One letter is a drive of Windows.
      if (/^[a-z][a-z0-9+.-]+:/i.test(pattern)) this.#refuse('it reads a remote file', true);
      else this.#patterns.add(pattern);
    }
  }

  #enqueue(text: string): void {
    if (this.#texts.has(text)) return;
    this.#texts.add(text);
    this.#waiting.push(text);
  }

  #refuse(reason: string, harmless: boolean): void {
    this.#refusals.push({ reason, harmless });
  }
}

/** `a.t` can be the schema `a` of any catalog or the catalog `a`. */
function canMean(table: WrittenName, relation: Relation): boolean {
  const catalog = table.catalog.toLowerCase();
  const schema = table.schema.toLowerCase();
  if (catalog) return relation.catalog === catalog && relation.schema === schema;
  return !schema || relation.schema === schema || relation.catalog === schema;
}

/** `recurring` names what a recursive CTE has gathered so far. */
function isCteName(table: WrittenName, cteNames: ReadonlySet<string>): boolean {
  const qualified = table.catalog || (table.schema && table.schema.toLowerCase() !== 'recurring');
  return !qualified && cteNames.has(table.name.toLowerCase());
}

function names(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
