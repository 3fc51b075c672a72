import { unquoted } from './definition.ts';
import type { NamesKnown } from './growingNames.ts';
import { isFirmKeyword, isSoftKeyword, isTypeName } from './keywords.ts';
import type { Token } from './lexer.ts';
import type { Statement } from './splitStatements.ts';
import { actsWhenPlanned } from './statementClass.ts';

/** What must be known of a database to tell what preparing a statement would touch. All names in lower case. */
export interface PreparableFacts {
  /** Scalar and aggregate functions and scalar macros. */
  readonly functions: NamesKnown;
  /** Table macros. */
  readonly tableMacros: ReadonlySet<string>;
  /** Built-in table functions. */
  readonly tableFunctions: ReadonlySet<string>;
  /** Views that read files. */
  readonly overFiles: ReadonlySet<string>;
  /** False when no file may be opened: what names one is then not bound. */
  readonly readsFiles?: boolean;
  /** Views and macros over remote files, and attached databases of other systems. */
  readonly remote: ReadonlySet<string>;
}

/**
 * How much DuckDB may be asked about a statement: `prepare` to bind it; `parse` only, because binding it would act, touch the
 * network or load an extension; `nothing`, because already parsing it acts.
 */
export interface Preparability {
  readonly ask: 'prepare' | 'parse' | 'nothing';
  /** Calls of functions that the database does not have. Without them the statement could be bound. */
  readonly unknownFunctions?: readonly Token[];
  /** The same after FROM. */
  readonly unknownTableFunctions?: readonly Token[];
}

/** First words of statements that DuckDB binds without doing anything. */
const BINDABLE = new Set(
  (
    'select from with values table pivot unpivot summarize describe desc show insert update delete merge truncate create alter drop ' +
    'comment copy explain use begin start commit rollback abort end vacuum analyze checkpoint prepare'
  ).split(' '),
);

/** PRAGMA and IMPORT act while they are parsed. */
const ACTS_WHEN_PARSED = new Set(['import', 'pragma']);

/** Words after EXPLAIN, PREPARE … AS or inside COPY (…) that begin something that must not be bound. */
const ACTING_WORDS = new Set(['export', 'import', 'install', 'load', 'attach', 'call', 'pragma', 'secret', 'execute']);

/** Table functions that only look at their arguments and at local files when they are bound. */
const HARMLESS_TABLE_FUNCTIONS = new Set(
  (
    'range generate_series unnest repeat repeat_row summary glob read_csv read_csv_auto read_json read_json_auto read_json_objects ' +
    'read_json_objects_auto read_ndjson read_ndjson_auto read_ndjson_objects read_parquet parquet_scan read_text read_blob json_each json_tree ' +
    'sniff_csv parquet_metadata parquet_schema parquet_file_metadata parquet_kv_metadata parquet_full_metadata query_table test_all_types ' +
    'pragma_table_info pragma_show pragma_storage_info pragma_version pragma_database_size pragma_collations pragma_platform ' +
    'pragma_metadata_info pragma_user_agent pg_timezone_names icu_calendar_names duckdb_columns duckdb_constraints duckdb_databases ' +
    'duckdb_dependencies duckdb_extensions duckdb_functions duckdb_indexes duckdb_keywords duckdb_logs duckdb_memory duckdb_optimizers ' +
    'duckdb_prepared_statements duckdb_schemas duckdb_secrets duckdb_sequences duckdb_settings duckdb_tables duckdb_temporary_files ' +
    'duckdb_types duckdb_variables duckdb_views'
  ).split(' '),
);

/** Window functions and syntax that look like calls and are in no catalog. */
const CALL_SYNTAX = new Set(
  (
    'row_number rank dense_rank rank_dense percent_rank cume_dist ntile lag lead first_value last_value nth_value fill first last if ifnull ' +
    'try operator rollup cube sets filter over key replace exclude rename partition set macro function matched conflict statistics source target any_value reservoir bernoulli system'
  ).split(' '),
);

/** Words before a name with a list in parentheses that is not a call. */
const NAME_BEFORE_LIST = new Set([
  'into',
  'table',
  'view',
  'as',
  'with',
  'recursive',
  'macro',
  'function',
  'references',
  'exists',
  'copy',
  'type',
  'update',
  'index',
  'window',
]);

/** Words after which a call in a query can only be one. */
const IN_QUERY = new Set(['select', 'where', 'having', 'qualify', 'when', 'then', 'else', 'case', 'and', 'or', 'from', 'join', 'lateral']);

/** Words after which a string is a file that is read or written. */
const BEFORE_TABLE = new Set(
  'from join lateral to into table describe desc show summarize using pivot pivot_wider pivot_longer unpivot update merge'.split(' '),
);

const READS_FILES = /^(?:read_|parquet_|sniff_csv|glob$)/;
const LOCAL_FILE = /\.(?:csv|tsv|txt|parquet|json|ndjson|jsonl)(?:\.(?:gz|zst))?$/i;
/** Ends of names that DuckDB would look for as files: also of `FROM sales.csv` without quotes. */
const DATA_FILE_ENDING = /(?:^|[./\\])?(?:csv|tsv|parquet|json|ndjson|jsonl|gz|zst)$/i;
const REMOTE = /^[a-z][a-z0-9+.-]+:(?!\\)/i;
/** Types and collations live in extensions that DuckDB would load by name. */
const AUTOLOADED = new Set(['inet', 'geometry', 'point_2d', 'box_2d', 'collate']);

interface Frame {
  /** The function whose arguments these are. */
  readonly call: string;
  readonly isTableCall: boolean;
  clause: string;
}

/** Judges a statement by its tokens alone; what is on no list is not bound. */
export function judgePreparability(statement: Statement, script: string, facts: PreparableFacts): Preparability {
  const { tokens } = statement;
  const first = tokens[0] && script.slice(tokens[0].start, tokens[0].end).toLowerCase();
  if (first === undefined || ACTS_WHEN_PARSED.has(first)) return { ask: 'nothing' };
  const text = (index: number) => {
    const token = tokens[index];
    return token ? script.slice(token.start, token.end).toLowerCase() : '';
  };
  const isName = (token: Token | undefined) => token?.kind === 'word' || token?.kind === 'quotedName';
  if ((first === 'explain' || first === 'prepare' || first === 'copy') && tokens.some((_, index) => ACTS_WHEN_PARSED.has(text(index)))) {
    return { ask: 'nothing' };
  }
  if (!BINDABLE.has(first) && first !== '(') return { ask: 'parse' };
  if (
    (first === 'explain' || first === 'prepare' || first === 'create') &&
    tokens.some((token, index) => index < 6 && token.kind === 'word' && ACTING_WORDS.has(text(index)))
  ) {
    return { ask: 'parse' };
  }
  if (actsWhenPlanned(statement, script)) return { ask: 'parse' };
  // A format that DuckDB does not have built in would be loaded.
  const format = first === 'copy' ? tokens.findIndex((_, index) => text(index) === 'format') : -1;
  if (format > 0 && !/^'?(?:csv|parquet|json)'?$/.test(text(format + 1))) return { ask: 'parse' };
  const commonTables = namesBeforeAs(tokens, text);
  const stack: Frame[] = [{ call: '', isTableCall: false, clause: '' }];
  const unknownFunctions: Token[] = [];
  const unknownTableFunctions: Token[] = [];
  for (const [index, token] of tokens.entries()) {
    const word = text(index);
    const frame = stack.at(-1) as Frame;
    if (word === '(' || word === '[') {
      const before = tokens[index - 1];
      const call = word === '(' && before && isName(before) ? unquoted(before, script).toLowerCase() : '';
      const verdict = call === '' ? 'none' : judgeCall(index - 1, call);
      // A computed path may turn out to be a remote one.
      if (verdict === 'refused' || (verdict === 'known' && readsFiles())) return { ask: 'parse' };
      if (facts.readsFiles === false && verdict === 'table' && (READS_FILES.test(call) || call === 'query_table')) return { ask: 'parse' };
      if (verdict === 'unknown' && before) unknownFunctions.push(before);
      if (verdict === 'unknownTable' && before) unknownTableFunctions.push(before);
      // Brackets that are no call's hold what may stand where they are.
      const isPlain = word === '(' && verdict === 'none';
      stack.push({
        call: isPlain ? '' : call,
        isTableCall:
          verdict === 'table' ||
          verdict === 'unknownTable' ||
          (frame.isTableCall && verdict !== 'none') ||
          (word === '[' && frame.isTableCall),
        clause: isPlain ? frame.clause : '',
      });
    } else if (word === ')' || word === ']') {
      if (stack.length > 1) stack.pop();
    } else if (token.kind === 'operator' && word === '||' && readsFiles()) {
      return { ask: 'parse' };
    } else if (token.kind === 'string') {
      // Two strings after one another are one, whose text is nowhere written.
      const isJoined = tokens[index - 1]?.kind === 'string' || tokens[index + 1]?.kind === 'string';
      const isUnsure = facts.readsFiles === false || isJoined || isForeignPath(script.slice(token.start, token.end));
      if (isUnsure && namesFile(index, frame)) return { ask: 'parse' };
    } else if (isName(token)) {
      const name = unquoted(token, script).toLowerCase();
      if (facts.remote.has(name) || AUTOLOADED.has(name)) return { ask: 'parse' };
      if (facts.readsFiles === false && (facts.overFiles.has(name) || DATA_FILE_ENDING.test(name))) return { ask: 'parse' };
      if (token.kind === 'quotedName' && /[/\\.:]/.test(name) && namesFile(index, frame) && isForeignPath(`'${name}'`))
        return { ask: 'parse' };
      if (token.kind === 'word' && isFirmKeyword(name) && text(index - 1) !== '.') frame.clause = name;
    }
  }
  if (unknownFunctions.length + unknownTableFunctions.length === 0) return { ask: 'prepare' };
  return { ask: 'parse', unknownFunctions, ...(unknownTableFunctions.length > 0 && { unknownTableFunctions }) };

  function judgeCall(index: number, call: string): 'none' | 'known' | 'table' | 'unknown' | 'unknownTable' | 'refused' {
    const before = tokens[index - 1];
    const beforeText = text(index - 1);
    const quoted = tokens[index]?.kind === 'quotedName';
    const isMethod = beforeText === '.';
    if (HARMLESS_TABLE_FUNCTIONS.has(call) || facts.tableMacros.has(call)) return call === 'range' && !afterTableWord() ? 'known' : 'table';
    if (facts.functions.has(call)) return 'known';
    if (!quoted && !isMethod && (isFirmKeyword(call) || isSoftKeyword(call) || isTypeName(call) || CALL_SYNTAX.has(call))) return 'none';
    if (commonTables.has(call) || NAME_BEFORE_LIST.has(beforeText)) return 'none';
    if (isMethod && isQualifiedNameWithList(index)) return 'none';
    // DuckDB's parser gives ordered-set aggregates other names.
    if (text(closingBracket(index + 1) + 1) === 'within') return 'none';
    // A name after a name, a bracket or a string is an alias with its columns; after an index's ON it is a table.
    const followsName =
      before?.kind === 'string' || beforeText === ')' || beforeText === '::' || (isName(before) && !isFirmKeyword(beforeText));
    if (!isMethod && followsName) return 'none';
    if (beforeText === 'on' && first === 'create') return 'none';
    const writes = first === 'create' || first === 'alter' || first === 'insert' || first === 'copy' || first === 'prepare';
    if (writes && !IN_QUERY.has((stack.at(-1) as Frame).clause)) return 'refused';
    if (afterTableWord()) return facts.tableFunctions.has(call) || quoted || writes ? 'refused' : 'unknownTable';
    return quoted ? 'refused' : 'unknown';
  }

  function readsFiles(): boolean {
    return stack.some(({ call }) => READS_FILES.test(call));
  }

  function afterTableWord(): boolean {
    const frame = stack.at(-1) as Frame;
    return ['from', 'join', 'lateral', 'to'].includes(frame.clause);
  }

  function closingBracket(open: number): number {
    let depth = 0;
    for (let index = open; index < tokens.length; index++) {
      if (text(index) === '(') depth++;
      if (text(index) === ')' && --depth === 0) return index;
    }
    return tokens.length;
  }

  /** `schema.table (a, b)` after INTO and the like. */
  function isQualifiedNameWithList(index: number): boolean {
    let at = index;
    while (text(at - 1) === '.') at -= 2;
    return NAME_BEFORE_LIST.has(text(at - 1)) || (text(at - 1) === 'on' && first === 'create');
  }

  function namesFile(index: number, frame: Frame): boolean {
    if (stack.some(({ isTableCall }) => isTableCall)) return true;
    if (first === 'copy') return true;
    return frame.call === '' && BEFORE_TABLE.has(frame.clause || (stack.length === 1 ? text(0) : '')) && text(index - 1) !== '=';
  }
}

/** True for what DuckDB could only read over the network or with an extension that it would load. */
function isForeignPath(literal: string): boolean {
  const path = literal.replace(/^[eE]?'|'$|^\$[^$]*\$|\$[^$]*\$$/g, '');
  // What escapes stand for is not read here.
  if (REMOTE.test(path) || (/^[eE]/.test(literal) && path.includes('\\'))) return true;
  if (!/\.[a-z0-9]+$/i.test(path)) return false;
  return (
    /\.(?:xlsx|avro|gpkg|shp|geojson|fgb|kml|sqlite|db|duckdb|ddb|vortex|lance)$/i.test(path) ||
    (/[/\\*]/.test(path) && !LOCAL_FILE.test(path))
  );
}

/** Names of common table expressions that declare their columns: `WITH t(a, b) AS`. */
function namesBeforeAs(tokens: readonly Token[], text: (index: number) => string): ReadonlySet<string> {
  const names = new Set<string>();
  const opens: number[] = [];
  for (const [index] of tokens.entries()) {
    if (text(index) === '(') opens.push(index);
    if (text(index) !== ')') continue;
    const open = opens.pop();
    if (open !== undefined && text(index + 1) === 'as' && ['(', 'materialized', 'not'].includes(text(index + 2))) {
      names.add(text(open - 1).replaceAll('"', ''));
    }
  }
  return names;
}
