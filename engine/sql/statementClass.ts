import type { Token } from './lexer.ts';
import type { Statement } from './splitStatements.ts';

/**
 * What kind of statement it is, by its first words alone:
 * `query` SELECT in all its forms, also SHOW, DESCRIBE and SUMMARIZE; `change` INSERT, UPDATE, DELETE, MERGE (also after WITH), TRUNCATE, CREATE,
 * ALTER, DROP, COMMENT, COPY and SET VARIABLE, whose plan names what they change; `begin` and `end` of a transaction; `setting` SET,
 * RESET, USE; `inert` what changes nothing that a result could depend on: PREPARE, DEALLOCATE, EXPLAIN without ANALYZE, PRAGMAs that
 * only tell; `other` everything else, which may change anything.
 */
export type StatementClass = 'query' | 'change' | 'begin' | 'end' | 'setting' | 'inert' | 'other';

const QUERIES = new Set(['select', 'from', 'with', 'values', 'table', 'show', 'describe', 'desc', 'summarize', 'pivot', 'unpivot']);
const VERBS_AFTER_WITH = new Set(['insert', 'update', 'delete', 'merge']);
const CHANGES = new Set(['insert', 'update', 'delete', 'merge', 'truncate', 'create', 'alter', 'drop', 'comment', 'copy']);
const TELLING_PRAGMAS =
  /^(?:table_info|show|show_tables|show_tables_expanded|show_databases|version|platform|database_list|database_size|storage_info|functions|collations|metadata_info|user_agent)$/;

export function classifyStatement(statement: Statement, script: string): StatementClass {
  const first = wordAt(statement, script, 0);
  if (first === 'with' && leadsChange(statement, script)) return 'change';
  if (QUERIES.has(first) || punctuationAt(statement, script, 0) === '(') return 'query';
  if (CHANGES.has(first)) return 'change';
  switch (first) {
    case 'begin':
    case 'start':
      return 'begin';
    case 'commit':
    case 'rollback':
    case 'end':
    case 'abort':
      return 'end';
    case 'set':
      return wordAt(statement, script, 1) === 'variable' ? 'change' : 'setting';
    case 'reset':
    case 'use':
      return 'setting';
    case 'explain':
      return saysAnalyze(statement, script) ? 'other' : 'inert';
    case 'prepare':
    case 'deallocate':
      return 'inert';
    case 'pragma':
      return TELLING_PRAGMAS.test(wordAt(statement, script, 1)) && !operators(statement, script).includes('=') ? 'inert' : 'other';
    default:
      return 'other';
  }
}

/** WITH … INSERT, UPDATE, DELETE or MERGE: the verb stands outside of all parentheses. */
function leadsChange(statement: Statement, script: string): boolean {
  let depth = 0;
  return statement.tokens.some((_, index) => {
    const punctuation = punctuationAt(statement, script, index);
    if (punctuation === '(') depth++;
    else if (punctuation === ')') depth--;
    return depth === 0 && VERBS_AFTER_WITH.has(wordAt(statement, script, index));
  });
}

/**
 * What running the statement does to the transaction, by its first words: EXPLAIN ANALYZE BEGIN begins one, too. A COMMIT that
 * fails, and one after an error, rolls back.
 */
export function transactionStep(statement: Statement, script: string): 'begin' | 'end' | undefined {
  let at = 0;
  if (wordAt(statement, script, 0) === 'explain') {
    if (!saysAnalyze(statement, script)) return undefined;
    at = endOfExplain(statement, script);
  }
  const word = wordAt(statement, script, at);
  if (word === 'begin' || word === 'start') return 'begin';
  return ['commit', 'rollback', 'end', 'abort'].includes(word) ? 'end' : undefined;
}

/** Also in quotes, in which options of EXPLAIN may stand. */
function saysAnalyze({ tokens }: Statement, script: string): boolean {
  return tokens.some(({ start, end }) => /^["']?analy[sz]e["']?$/i.test(script.slice(start, end)));
}

/** Index of what is explained: after EXPLAIN ANALYZE VERBOSE, or EXPLAIN and options in parentheses. */
function endOfExplain(statement: Statement, script: string): number {
  if (punctuationAt(statement, script, 1) === '(') {
    return statement.tokens.findIndex((_, index) => punctuationAt(statement, script, index) === ')') + 1;
  }
  let at = 1;
  while (['analyze', 'analyse', 'verbose'].includes(wordAt(statement, script, at))) at++;
  return at;
}

/** Words before a parenthesis that are grammar and not functions. */
const GRAMMAR = new Set(
  (
    'all and any array as asc between by case cast columns cross cube default desc distinct else end except exclude exists extract ' +
    'filter first following from full group grouping having if ilike in inner intersect interval into is isnull join last lateral ' +
    'left like limit list map materialized not notnull null nulls offset on or order ordinality outer over partition pivot ' +
    'preceding qualify range replace returning right rollup row rows select semi sets similar some struct table then to try_cast ' +
    'union unnest unpivot using values when where window with within varchar decimal numeric char text bit timestamp time bpchar ' +
    'read_csv read_csv_auto read_json read_json_auto read_json_objects read_ndjson read_ndjson_auto read_ndjson_objects ' +
    'read_parquet parquet_scan read_text read_blob generate_series repeat repeat_row json_each json_tree glob'
  ).split(' '),
);

/**
 * True when all that the text calls is known: a name before a parenthesis is one of `known`, a harmless table function or grammar.
 * Then a query changes nothing, as far as its own text goes; a table's name before its column list counts as unknown.
 */
export function callsOnly(statement: Statement, script: string, known: ReadonlySet<string>): boolean {
  return statement.tokens.every((token, index) => {
    if (punctuationAt(statement, script, index + 1) !== '(') return true;
    if (token.kind === 'quotedName') return false;
    if (token.kind !== 'word') return true;
    const word = script.slice(token.start, token.end).toLowerCase();
    return GRAMMAR.has(word) || known.has(word);
  });
}

/** Functions that, as arguments of a table function, already act when the statement is only planned. */
const ACTING = new Set(['nextval', 'random', 'setseed', 'uuid', 'gen_random_uuid', 'uuidv4', 'uuidv7', 'write_log', 'sleep_ms']);

/** True when planning the statement could do something that running it would do once more: draw from a sequence, say. */
export function actsWhenPlanned(statement: Statement, script: string): boolean {
  let afterFrom = false;
  let depthOfCall = 0;
  let depth = 0;
  for (const [index, token] of statement.tokens.entries()) {
    const text = script.slice(token.start, token.end).toLowerCase();
    if (text === '(') {
      depth++;
      const before = statement.tokens[index - 1];
      if (afterFrom && depthOfCall === 0 && (before?.kind === 'word' || before?.kind === 'quotedName')) depthOfCall = depth;
    } else if (text === ')') {
      if (depth === depthOfCall) depthOfCall = 0;
      depth--;
    } else if (token.kind === 'word') {
      if (text === 'from' || text === 'join' || text === 'lateral' || text === 'call') afterFrom = true;
      if (depthOfCall > 0 && ACTING.has(text)) return true;
    }
  }
  return false;
}

/** COPY of a table or a query to a file, which changes nothing in any database. */
export function copiesToFile(statement: Statement, script: string): boolean {
  if (wordAt(statement, script, 0) !== 'copy' || wordAt(statement, script, 1) === 'from') return false;
  return statement.tokens.some((token, index) => token.kind === 'string' && wordAt(statement, script, index - 1) === 'to');
}

/**
 * A harmless statement whose plan names the table that this one writes, for CREATE TABLE … AS, INSERT and COPY … FROM over files
 * whose scans DuckDB cannot serialise. `undefined` for other statements.
 */
export function targetProbe(statement: Statement, script: string): string | undefined {
  const { tokens } = statement;
  const text = (from: number, to: number) => {
    const [first, last] = [tokens[from], tokens[to - 1]];
    return first && last && to > from ? script.slice(first.start, last.end) : '';
  };
  switch (wordAt(statement, script, 0)) {
    case 'create': {
      const as = tokens.findIndex((_, index) => wordAt(statement, script, index) === 'as');
      const table = tokens.findIndex((_, index) => wordAt(statement, script, index) === 'table');
      return table > 0 && as > table ? `${text(0, as)} as select 1` : undefined;
    }
    case 'insert': {
      const into = tokens.findIndex((_, index) => wordAt(statement, script, index) === 'into');
      return into > 0 ? `delete from ${text(into + 1, endOfName(statement, script, into + 1))}` : undefined;
    }
    case 'copy': {
      const end = endOfName(statement, script, 1);
      const reads = tokens.some((_, index) => index >= end && wordAt(statement, script, index) === 'from');
      return reads && end > 1 ? `delete from ${text(1, end)}` : undefined;
    }
    default:
      return undefined;
  }
}

/** Index after a name with its qualifiers that begins at `index`. */
function endOfName(statement: Statement, script: string, index: number): number {
  let at = index;
  for (;;) {
    const kind = statement.tokens[at]?.kind;
    if (kind !== 'word' && kind !== 'quotedName') return at;
    if (punctuationAt(statement, script, at + 1) !== '.') return at + 1;
    at += 2;
  }
}

function operators(statement: Statement, script: string): string[] {
  return statement.tokens.filter(({ kind }) => kind === 'operator').map((token) => lower(token, script));
}

function wordAt(statement: Statement, script: string, index: number): string {
  const token = statement.tokens[index];
  return token?.kind === 'word' ? lower(token, script) : '';
}

function punctuationAt(statement: Statement, script: string, index: number): string {
  const token = statement.tokens[index];
  return token?.kind === 'punctuation' ? script.slice(token.start, token.end) : '';
}

function lower(token: Token, script: string): string {
  return script.slice(token.start, token.end).toLowerCase();
}
