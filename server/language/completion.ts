import type { Expected } from '../../engine/sql/grammar/expectedAt.ts';
import type { Column, VisibleSource } from '../../engine/sql/resolveNames.ts';
import { meaningType, sourceName } from '../../engine/sql/resolveNames.ts';
import type { Block, ClauseKind, Name, Source } from '../../engine/sql/scopeTree.ts';
import { quoteName, sameName } from '../../engine/sql/sqlNames.ts';
import { structFields } from '../../engine/sql/sqlTypes.ts';
import { type CatalogFunction, type CatalogTable, findTable, pathRank, schemasOf } from './catalog.ts';
import { type CursorContext, cursorContext } from './cursorContext.ts';
import { GRAMMAR_FUNCTIONS, grammarSignature, WINDOW_FUNCTIONS } from './grammarFunctions.ts';
import { expectedKeywords, expectedOption, expectsNames, expectsWrittenColumns, grammarAt, mayBegin } from './grammarWords.ts';
import { joinConditions } from './joinConditions.ts';
import {
  AFTER_OPERAND,
  CLAUSE_ORDER,
  CLAUSES_AFTER,
  COPY_OPTIONS,
  EXPRESSION_START,
  JOIN_KEYWORDS,
  optionNames,
  SAMPLE_METHODS,
  STATEMENT_KEYWORDS,
  WINDOW_KEYWORDS,
} from './keywords.ts';
import type { LanguageDocument } from './languageDocument.ts';
import { type ObjectKind, objectPlace } from './objectPlaces.ts';
import { dateParts, optionValues, takesDatePart } from './stringValues.ts';

export type CompletionKind =
  | 'column'
  | 'field'
  | 'table'
  | 'view'
  | 'query'
  | 'schema'
  | 'function'
  | 'keyword'
  | 'setting'
  | 'type'
  | 'variable'
  | 'file'
  | 'folder'
  | 'condition';

export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** Text to write; with `snippet`, in the snippet notation of the language server protocol. */
  readonly insert: string;
  readonly snippet?: string;
  readonly detail?: string | undefined;
  readonly documentation?: string | undefined;
  /** Smaller comes first. */
  readonly rank: number;
  /** Text to write elsewhere as well. */
  readonly also?: { readonly offset: number; readonly text: string };
}

export interface Completions {
  readonly items: readonly Completion[];
  /** What is replaced. */
  readonly start: number;
  readonly end: number;
  /** True when more typing should ask again. */
  readonly incomplete: boolean;
}

export interface FolderEntry {
  readonly name: string;
  readonly folder: boolean;
}

/** Names that are given at most in one answer. */
const MAX_ITEMS = 300;
const COMMON_FUNCTIONS = ['count', 'sum', 'avg', 'min', 'max', 'coalesce', 'round', 'lower', 'upper', 'row_number'];
const FILE_FUNCTION = /^(?:read_|parquet_|sniff_csv|glob$)/;
/** What may be written at the offset, the likeliest first. `listFolder` gives the entries of a folder for paths in quotes. */
export async function complete(
  document: LanguageDocument,
  offset: number,
  listFolder: (path: string) => Promise<readonly FolderEntry[]>,
): Promise<Completions> {
  const context = cursorContext(document.script, offset);
  const { start, end, prefix } = context;
  if (context.place === 'nothing') return { items: [], start, end, incomplete: false };
  if (context.place === 'string') return completeText(document, context) ?? (await completePath(context, listFolder));
  const collected = new Collector(document, context).collect();
  const items = collected
    .filter(({ kind, label }) => (!context.quoted || NAMES.has(kind)) && matches(label, prefix))
    .map((item) => ({ item, score: score(item, prefix) }))
    .sort((a, b) => a.score - b.score)
    .map(({ item }) => item);
  return { items: items.slice(0, MAX_ITEMS), start, end, incomplete: prefix === '' || items.length > MAX_ITEMS };
}

/** What can be written in quotes. */
const NAMES: ReadonlySet<CompletionKind> = new Set(['column', 'field', 'table', 'view', 'query', 'schema', 'type', 'variable']);

/** Letters in order, as editors match them, so that what is typed next can only narrow the list. */
function matches(label: string, prefix: string): boolean {
  const lower = label.toLowerCase();
  let at = 0;
  for (const letter of prefix.toLowerCase()) {
    at = lower.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function score({ label, rank }: Pick<Completion, 'label' | 'rank'>, prefix: string): number {
  if (prefix === '') return rank;
  const lower = label.toLowerCase();
  const wanted = prefix.toLowerCase();
  if (lower === wanted) return rank - 40;
  if (lower.startsWith(wanted)) return rank - 30;
  if (lower.includes(`_${wanted}`)) return rank - 15;
  return lower.includes(wanted) ? rank : rank + 30;
}

/** Texts of a known set: settings, variables, parts of dates, values of options; undefined where a text may be anything. */
function completeText(document: LanguageDocument, context: CursorContext): Completions | undefined {
  const { call, before, prefix, start, end } = context;
  const items: Completion[] = [];
  const add = (label: string, kind: CompletionKind, detail?: string, documentation?: string) => {
    if (matches(label, prefix)) items.push({ label, kind, insert: label.replaceAll("'", "''"), detail, documentation, rank: items.length });
  };
  if (call?.name === 'current_setting' && before[0] === '(') {
    for (const { name, type, description } of document.catalog.settings) add(name, 'setting', type, description);
  } else if (call?.name === 'getvariable' && before[0] === '(') {
    for (const name of variablesBefore(document, context)) add(name, 'variable', 'variable');
  } else if (call && takesDatePart(call)) {
    for (const part of dateParts()) add(part, 'variable', 'part of a date');
  } else {
    const option = before[0] === '=' || before[0] === '=>' || before[0] === ':=' ? before[1] : before[0];
    const values = call && option !== undefined ? optionValues(option) : undefined;
    if (!values) return undefined;
    for (const value of values) add(value, 'variable', option);
  }
  return { items, start, end, incomplete: false };
}

/** Names that SET VARIABLE gives a value before the cursor. */
function variablesBefore({ script }: LanguageDocument, { start }: CursorContext): string[] {
  const found = script.text.slice(0, start).matchAll(/\bset\s+variable\s+("(?:[^"]|"")+"|\w+)/gi);
  return [...new Set([...found].map(([, name = '']) => name.replaceAll('"', '')))];
}

async function completePath(context: CursorContext, listFolder: (path: string) => Promise<readonly FolderEntry[]>): Promise<Completions> {
  const { prefix, before, call, start, end } = context;
  const inFrom =
    ['from', 'join', 'attach', 'to', 'import', 'export', 'database'].includes(before[0] ?? '') ||
    (before[0] === ',' && context.clause === 'from' && !call?.name);
  const inCall = call !== undefined && FILE_FUNCTION.test(call.name) && call.argument === 0 && call.named.length === 0;
  if (!inFrom && !inCall) return { items: [], start, end, incomplete: false };
  const slash = prefix.lastIndexOf('/') + 1;
  const entries = await listFolder(prefix.slice(0, slash));
  const typed = prefix.slice(slash);
  const items = entries
    .filter(({ name }) => matches(name, typed) && (typed.startsWith('.') || !name.startsWith('.')))
    .map(({ name, folder }): Completion => {
      const data = /\.(?:csv|tsv|parquet|json|jsonl|ndjson|duckdb|db)(?:\.gz|\.zst)?$/i.test(name);
      return {
        label: folder ? `${name}/` : name,
        kind: folder ? 'folder' : 'file',
        insert: (folder ? `${name}/` : name).replaceAll("'", "''"),
        rank: folder ? 50 : data ? 10 : 90,
      };
    });
  return { items: items.sort((a, b) => a.rank - b.rank).slice(0, MAX_ITEMS), start: start + slash, end, incomplete: true };
}

class Collector {
  readonly #document: LanguageDocument;
  readonly #context: CursorContext;
  readonly #items: Completion[] = [];
  readonly #seen = new Set<string>();
  readonly #tablesByScore = new Map<number, number>();

  constructor(document: LanguageDocument, context: CursorContext) {
    this.#document = document;
    this.#context = context;
  }

  /** What the clause and its scope offer, less what DuckDB's grammar does not allow there, and the keywords that it allows besides. */
  collect(): readonly Completion[] {
    this.#collectByScope();
    if (this.#context.qualifier.length > 0) return this.#items;
    const expected = grammarAt(this.#document, this.#context);
    if (!expected) return this.#items;
    const names = expectsNames(expected);
    const option = expectedOption(expected);
    if (option || (expectsWrittenColumns(expected) && this.#context.block)) {
      this.#keep([]);
      if (option) this.#options(optionNames(option));
      else if (this.#context.block) this.#outputColumns(this.#context.block);
      return this.#items;
    }
    const allowed = this.#items.filter(({ kind, label }) => (kind === 'keyword' ? mayBegin(expected, label) : names));
    this.#keep(allowed);
    const isOpen = objectPlace(this.#context.words)?.expects !== 'nothing';
    if (names && isOpen && !allowed.some(({ kind }) => kind !== 'keyword')) this.#collectByGrammar(expected);
    const { units, values, others } = expectedKeywords(expected);
    this.#keywords(units, 5);
    this.#keywords(
      others.filter((word) => this.#fitsWhatFollows(word)),
      74,
    );
    if (isOpen) this.#keywords(values, 76);
    return this.#items;
  }

  /** Gives up all items but these. */
  #keep(items: readonly Completion[]): void {
    this.#items.length = 0;
    this.#seen.clear();
    for (const item of items) this.#add(item);
  }

  /** Names of the kinds that the grammar names. */
  #collectByGrammar({ terminals }: Expected): void {
    for (const { name, rules } of terminals) {
      if (name === 'TableName' && rules.includes('BaseTableName')) this.#tables();
      else if (name === 'TypeName') this.#types();
      else if (name === 'SettingName') this.#settings();
      else if (name === 'TableFunctionName') this.#tableFunctions();
      else if (rules.includes('UseTarget')) this.#schemas([]);
      else if (rules.includes('SampleFunction')) this.#values(SAMPLE_METHODS, 'sampling method');
      else if (name === 'PragmaName') this.#pragmas();
      else if (name === 'FunctionName') this.#functions();
    }
  }

  /** Whether a clause may stand before those that are written behind the cursor. */
  #fitsWhatFollows(word: string): boolean {
    const { block, start } = this.#context;
    const rank = CLAUSE_ORDER.findIndex((clauses) => clauses.includes(word));
    const behind = block?.clauses.filter((clause) => clause.start > start).map(({ kind }) => kind.toUpperCase()) ?? [];
    const ranks = behind.map((kind) => CLAUSE_ORDER.findIndex((clauses) => clauses.some((clause) => clause.split(' ')[0] === kind)));
    return rank < 0 || ranks.every((other) => other < 0 || rank < other);
  }

  #options(names: readonly string[]): void {
    const lower = this.#writesLower();
    for (const name of names)
      this.#add({ label: name, kind: 'variable', insert: lower ? name.toLowerCase() : name, detail: 'option', rank: 10 });
  }

  #values(values: readonly string[], detail: string): void {
    for (const value of values) this.#add({ label: value, kind: 'variable', insert: value, detail, rank: 10 });
  }

  #collectByScope(): void {
    const { before, qualifier, block, clause, call, statement } = this.#context;
    const merge = statement?.blocks.find(({ kind }) => kind === 'merge');
    const [last = '', second = ''] = before;
    if (qualifier.length > 0) this.#qualified();
    else if (last === '.') return;
    else if (last === '' || (before.length === 1 && last === 'explain')) this.#keywords(STATEMENT_KEYWORDS, 30);
    else if (this.#atObjects()) return;
    else if (last === '::' || (last === 'as' && /^(?:try_)?cast$/.test(call?.name ?? ''))) this.#types();
    else if (this.#isSpecial(last, second)) return;
    else if (this.#isTablePlace(last)) this.#tables();
    else if (last === 'as') {
      if (this.#context.statement?.kind === 'create') this.#keywords(['SELECT', 'FROM', 'WITH', 'VALUES', 'TABLE'], 30);
    } else if (call?.name === 'exclude' || (call?.name === 'replace' && this.#inStar()) || call?.name === 'rename')
      this.#columns(block, clause);
    else if (call?.name === 'using' && clause === 'using' && block) this.#commonColumns(block);
    else if (clause === 'columns' && block?.kind === 'tail' && this.#context.statement?.created) {
      if (last !== '(' && last !== ',') {
        this.#types();
        this.#keywords(['PRIMARY KEY', 'NOT NULL', 'UNIQUE', 'DEFAULT', 'REFERENCES', 'CHECK'], 60);
      }
    } else if ((clause === 'columns' || clause === 'conflict') && call && block) this.#outputColumns(block);
    else if (block && clause === 'set' && (last === 'set' || (last === ',' && !call))) this.#outputColumns(block);
    else if (last === 'set' && second === 'update' && merge) this.#outputColumns(merge);
    else if (call?.name === 'extract' && last === '(') {
      for (const part of dateParts()) this.#add({ label: part, kind: 'variable', insert: part, detail: 'part of a date', rank: 10 });
    } else if (last === 'over') this.#windows();
    else if (this.#isOperandPlace(last, second)) this.#expression();
    else this.#afterOperand(last);
  }

  #add(item: Completion): void {
    const key = `${item.kind} ${item.insert}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#items.push(item);
  }

  #keywords(words: readonly string[], rank: number): void {
    const lower = this.#writesLower();
    for (const [index, word] of words.entries()) {
      this.#add({ label: word, kind: 'keyword', insert: lower ? word.toLowerCase() : word, rank: rank + index / 100 });
    }
  }

  /** Keywords are written as those around them are. */
  #writesLower(): boolean {
    const { prefix, statement } = this.#context;
    if (/[a-z]/.test(prefix)) return true;
    if (/[A-Z]/.test(prefix)) return false;
    const first = statement && this.#document.script.text.slice(statement.start, statement.end).trimStart().charAt(0);
    return first !== undefined && first !== first.toUpperCase();
  }

  #isSpecial(last: string, second: string): boolean {
    const { statement, before, call } = this.#context;
    const kind = statement?.kind;
    if ((kind === 'set' || kind === 'reset') && (last === kind || ['global', 'session', 'local'].includes(last))) {
      this.#settings();
      if (last === kind) this.#keywords(['GLOBAL', 'SESSION', 'LOCAL', 'VARIABLE'], 60);
      return true;
    }
    if (kind === 'set' && before.length >= 2 && before.at(-1) === 'set') {
      if (last !== '=' && last !== 'to') this.#keywords(['='], 10);
      return true;
    }
    if (kind === 'pragma' && last === 'pragma') {
      this.#pragmas();
      return true;
    }
    if (kind === 'show' && last === 'show') {
      this.#tables();
      this.#keywords(['ALL TABLES'], 11);
      this.#values(['tables', 'databases', 'schemas', 'variables'], 'list');
      return true;
    }
    if (kind === 'use' && last === 'use') {
      this.#schemas([]);
      return true;
    }
    if (kind === 'call' && last === 'call') {
      this.#tableFunctions();
      return true;
    }
    if (kind === 'copy' && call?.name === '' && before.some((word) => word === 'to' || word === 'from')) {
      if (last === '(' || last === ',') this.#options(COPY_OPTIONS);
      for (const value of optionValues(last) ?? []) this.#add({ label: value, kind: 'variable', insert: value, rank: 10 });
      return true;
    }
    if (kind === 'alter' && this.#context.block && (last === 'column' || (last === 'drop' && before.length > 1))) {
      if (second !== 'add') this.#outputColumns(this.#context.block);
      return true;
    }
    if (
      last === 'create' ||
      (last === 'replace' && second === 'or' && kind === 'create') ||
      ((last === 'temp' || last === 'temporary') && kind === 'create')
    ) {
      this.#keywords(['TABLE', 'VIEW', 'MACRO', 'SCHEMA', 'INDEX', 'SEQUENCE', 'TYPE', 'TEMP', 'OR REPLACE'], 20);
      return true;
    }
    if (last === 'drop' || last === 'alter') {
      if (kind === last) this.#keywords(['TABLE', 'VIEW', 'SCHEMA', 'MACRO', 'INDEX', 'SEQUENCE', 'TYPE'], 20);
      return kind === last;
    }
    if (last === 'insert') {
      this.#keywords(['INTO', 'OR REPLACE INTO', 'OR IGNORE INTO'], 20);
      return true;
    }
    if (last === 'delete' && kind === 'delete') {
      this.#keywords(['FROM'], 20);
      return true;
    }
    if ((last === 'group' || last === 'order' || last === 'partition') && kind !== 'create') {
      this.#keywords(['BY'], 10);
      return true;
    }
    if (
      ['left', 'right', 'full', 'inner', 'cross', 'natural', 'asof', 'positional', 'semi', 'anti'].includes(last) &&
      this.#context.clause === 'from'
    ) {
      this.#keywords(['JOIN', 'OUTER JOIN'], 10);
      return true;
    }
    if (call && FILE_FUNCTION.test(call.name) && call.argument > 0 && (last === ',' || last === '(')) {
      this.#namedArguments(call.name, call.named);
      return true;
    }
    return false;
  }

  #settings(rank = 10): void {
    for (const { name, description, type } of this.#document.catalog.settings) {
      const usual = USUAL_SETTINGS.indexOf(name.toLowerCase());
      const place = usual >= 0 ? usual / 100 - 1 : name.startsWith('_') ? 1 : 0;
      this.#add({ label: name, kind: 'setting', insert: name, detail: type, documentation: description, rank: rank + place });
    }
  }

  #pragmas(): void {
    for (const [name, overloads] of this.#document.catalog.functions)
      if (overloads[0]?.kind === 'pragma') this.#add({ label: name, kind: 'function', insert: name, detail: 'pragma', rank: 10 });
    this.#settings(20);
  }

  /** Names of things where a statement expects them. */
  #atObjects(): boolean {
    const { statement, block } = this.#context;
    const { script, catalog, resolver } = this.#document;
    const place = objectPlace(this.#context.words);
    if (place === undefined) return false;
    if (place.expects === 'columns') {
      const table = findTable(catalog, place.table, resolver.useBefore(this.#context.start));
      const created = resolver
        .createdBefore(this.#context.start)
        .find(({ created: { parts } }) => sameName(parts.at(-1)?.text ?? '', place.table.at(-1) ?? ''));
      const columns = created ? resolver.createdColumns(created.created) : table?.columns;
      for (const [index, column] of (columns ?? []).entries())
        this.#addColumn({ ...column, definition: table }, quoteName(column.name), 10 + index / 1000);
      if (statement?.kind === 'alter') this.#keywords(['COLUMN', 'TO'], 60);
      if (block === undefined && !columns) return false;
    } else if (place.expects === 'objects') {
      for (const kind of place.kinds) this.#objects(kind);
      if (['drop', 'alter'].includes(statement?.kind ?? '')) this.#keywords(['IF EXISTS'], 60);
      if (place.kinds.includes('prepared')) {
        for (const [, name = ''] of script.text.slice(0, this.#context.start).matchAll(/\bprepare\s+("(?:[^"]|"")+"|\w+)/gi))
          this.#add({ label: name.replaceAll('"', ''), kind: 'variable', insert: name, detail: 'prepared statement', rank: 10 });
      }
    }
    return true;
  }

  #objects(kind: ObjectKind): void {
    const { catalog, resolver } = this.#document;
    const { start } = this.#context;
    if (kind === 'table' || kind === 'view') {
      for (const { created } of resolver.createdBefore(start)) if (created.kind === kind) this.#addCreated(created);
      this.#catalogTables((table) => table.kind === kind);
      this.#schemas([]);
      return;
    }
    for (const { created } of resolver.createdBefore(start)) {
      const name = created.parts.at(-1)?.text ?? '';
      if (created.kind === kind || (created.kind === 'other' && (kind === 'type' || kind === 'sequence' || kind === 'index')))
        this.#add({
          label: name,
          kind: kind === 'schema' ? 'schema' : 'variable',
          insert: quoteName(name),
          detail: 'of this document',
          rank: 8,
        });
    }
    for (const thing of catalog.named) {
      if (thing.kind !== kind) continue;
      const isHome = thing.schema === 'main' || thing.schema === thing.name || thing.schema === '';
      const insert = isHome ? quoteName(thing.name) : `${quoteName(thing.schema)}.${quoteName(thing.name)}`;
      const shown =
        kind === 'macro' ? 'function' : kind === 'schema' || kind === 'database' ? 'schema' : kind === 'type' ? 'type' : 'variable';
      this.#add({ label: thing.name, kind: shown, insert, detail: [kind, thing.detail].filter(Boolean).join(' · '), rank: 12 });
    }
  }

  #isTablePlace(last: string): boolean {
    const { clause, call, statement, block } = this.#context;
    const inner = call !== undefined && call.name !== '' && !['from', 'join', 'in', 'exists', 'as', 'using'].includes(call.name);
    if (last === 'from') return !(call && ['extract', 'trim', 'substring', 'overlay'].includes(call.name) && clause !== 'from');
    if (['join', 'into', 'summarize', 'describe', 'lateral'].includes(last)) return true;
    if (last === 'update' || last === 'table' || last === 'view' || last === 'copy')
      return statement?.kind === last || ['drop', 'alter', 'truncate', 'describe', 'show', 'comment'].includes(statement?.kind ?? '');
    if (last === 'exists') return statement?.kind === 'drop';
    if (last === 'pivot' || last === 'unpivot') return block?.kind === 'pivot';
    if (last === 'using') return block?.kind === 'delete' || block?.kind === 'merge';
    return clause === 'from' && (last === ',' || last === '(') && !inner;
  }

  #isOperandPlace(last: string, second: string): boolean {
    if (last === '*') return !['select', ',', 'distinct', '(', '.'].includes(second);
    if (
      ['a', ')', ']', '}', 'end', 'null', 'true', 'false', 'all', 'asc', 'desc', 'nothing', 'default'].includes(last) &&
      !(last === 'all' && second === 'select')
    )
      return false;
    if (/^[^\p{L}_"]/u.test(last)) return true;
    return OPERAND_FOLLOWS.has(last);
  }

  #inStar(): boolean {
    return ['*', ')', 'exclude'].some((word) => this.#context.before.includes(word));
  }

  // Names behind a dot

  #qualified(): void {
    const { qualifier, block, clause, start, before } = this.#context;
    const { resolver, catalog } = this.#document;
    const first = qualifier[0] ?? '';
    const tablePlace = this.#isTablePlace(before[0] ?? '');
    if (block && !tablePlace) {
      const named = resolver.visibleSources(block).filter(({ source }) => sameName(sourceName(source) ?? '', first));
      const source = named[0];
      if (source && qualifier.length === 1) {
        for (const column of this.#columnsOf(source)) this.#addColumn(column, quoteName(column.name), 10);
        if (this.#columnsOf(source).length > 0) return;
      }
      const parts = qualifier.map((text): Name => ({ text, start: this.#context.qualifierStart, end: start }));
      const reference = { kind: 'column' as const, parts, clause: clause ?? 'select', start: this.#context.qualifierStart, end: start };
      const type = resolver.meanings(reference, block).at(-1);
      const typeName = type && meaningType(type);
      for (const field of structFields(typeName) ?? [])
        this.#add({ label: field.name, kind: 'field', insert: quoteName(field.name), detail: field.type, rank: 10 });
      if (typeName) {
        this.#methods(typeName);
        return;
      }
      if (qualifier.length > 1) {
        const table = findTable(catalog, qualifier, resolver.useBefore(start));
        for (const column of table?.columns ?? []) this.#addColumn({ ...column, definition: table }, quoteName(column.name), 10);
      }
      // The table is known, and its FROM is not written yet.
      if (!source && qualifier.length === 1) {
        const created = resolver.createdBefore(start).find(({ created: { parts: names } }) => sameName(names.at(-1)?.text ?? '', first));
        const table = findTable(catalog, qualifier, resolver.useBefore(start));
        const columns = created
          ? resolver.createdColumns(created.created)
          : table?.columns.map((column) => ({ ...column, definition: table }));
        if (this.#context.statement?.kind === 'comment')
          for (const column of columns ?? []) this.#addColumn(column, quoteName(column.name), 10);
        else if (!resolver.visibleSources(block).length)
          for (const column of columns ?? [])
            this.#addColumn(column, quoteName(column.name), 10, this.#missingFrom(block, quoteName(first)));
      }
      if (this.#items.length > 0) return;
    }
    if (tablePlace || block?.sources.length === 0) {
      for (const table of [...catalog.tables, ...catalog.systemViews]) {
        const inSchema =
          qualifier.length === 1 && (sameName(table.schema, first) || (sameName(table.database, first) && table.schema === 'main'));
        const inBoth = qualifier.length === 2 && sameName(table.database, first) && sameName(table.schema, qualifier[1] ?? '');
        if (inSchema || inBoth) this.#addTable(table, quoteName(table.name), 10);
      }
      for (const { created } of resolver.createdBefore(start)) {
        const schema = created.parts.at(-2)?.text;
        if ((created.kind === 'table' || created.kind === 'view') && schema !== undefined && sameName(schema, first))
          this.#addCreated(created);
      }
      if (qualifier.length === 1) this.#schemas(qualifier);
    }
  }

  /** Functions that can be called on a value: `name.upper()`. */
  #methods(type: string): void {
    const plain = type.replace(/\(.*$/, '');
    for (const overloads of this.#document.catalog.functions.values()) {
      const fits = overloads.find(({ kind, parameterTypes }) => (kind === 'scalar' || kind === 'macro') && parameterTypes[0] === plain);
      if (fits && /^[a-z]/.test(fits.name)) this.#addFunction(fits, 60, true);
    }
  }

  // Columns

  #columnsOf({ source, block }: VisibleSource): readonly Column[] {
    return this.#document.resolver.sourceColumns(source, block) ?? [];
  }

  #addColumn(column: Column, insert: string, rank: number, also?: { readonly offset: number; readonly text: string }, from?: string): void {
    const detail = [column.type, from].filter(Boolean).join(' · ');
    const base = { label: column.name, kind: 'column' as const, detail: detail === '' ? undefined : detail, rank };
    // At the cursor the two edits would meet, so that they are one.
    if (also && also.offset >= this.#context.start && also.offset <= this.#context.end) {
      this.#add({ ...base, insert: `${insert}${also.text}`, snippet: `${snippetText(insert)}$0${snippetText(also.text)}` });
    } else this.#add({ ...base, insert, ...(also && { also }) });
  }

  /** Every column that can be named without a qualifier, and with one where the bare name would be ambiguous. */
  #columns(block: Block | undefined, clause: ClauseKind | undefined): void {
    if (!block) return;
    const visible = this.#document.resolver
      .visibleSources(block)
      .filter(
        ({ source, level }) =>
          source.kind !== 'excluded' &&
          !this.#isAtCursor(source) &&
          !(clause === 'on' && level === 0 && source.start > this.#context.start),
      );
    const counts = new Map<string, number>();
    for (const seen of visible) {
      const using = new Set(seen.source.join?.using.map(({ text }) => text.toLowerCase()));
      for (const { name } of this.#columnsOf(seen)) {
        const key = `${seen.level} ${name.toLowerCase()}`;
        if (using.has(name.toLowerCase()) || (seen.source.join?.natural && counts.has(key))) continue;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    const nearer = new Set<string>();
    for (const seen of visible) {
      const from = sourceName(seen.source);
      const qualifier = from === undefined ? undefined : quoteName(from);
      for (const [index, column] of this.#columnsOf(seen).entries()) {
        const key = column.name.toLowerCase();
        const ambiguous = (counts.get(`${seen.level} ${key}`) ?? 0) > 1 || (seen.level > 0 && nearer.has(key));
        const insert = ambiguous && qualifier !== undefined ? `${qualifier}.${quoteName(column.name)}` : quoteName(column.name);
        this.#addColumn(column, insert, 10 + seen.level * 5 + index / 1000, undefined, from);
      }
      if (seen.level === 0) for (const { name } of this.#columnsOf(seen)) nearer.add(name.toLowerCase());
      const isAround = seen.source.start <= this.#context.start && this.#context.start <= seen.source.end;
      if (qualifier !== undefined && from !== undefined && !isAround)
        this.#add({ label: from, kind: 'query', insert: qualifier, detail: 'source', rank: 35 });
    }
    this.#aliases(block, clause);
    this.#locals(block);
  }

  #isAtCursor(source: Source): boolean {
    const { start, end } = this.#context;
    return source.parts.some((part) => part.start === start && part.end >= end);
  }

  #aliases(block: Block, clause: ClauseKind | undefined): void {
    const { start } = this.#context;
    if (clause === 'on' || clause === 'from' || clause === 'using') return;
    for (const item of block.items) {
      if (!item.alias || (item.start <= start && start <= item.end) || (clause === 'select' && item.end > start)) continue;
      const column = this.#document.resolver.itemColumn(block, item);
      this.#add({
        label: column.name,
        kind: 'variable',
        insert: quoteName(column.name),
        detail: [column.type, item.text].filter(Boolean).join(' · '),
        rank: clause === 'order' || clause === 'group' ? 8 : 14,
      });
    }
    if (block.kind === 'tail')
      for (const column of this.#document.resolver.queryColumns(block.query) ?? []) this.#addColumn(column, quoteName(column.name), 10);
  }

  #locals(block: Block): void {
    const { start } = this.#context;
    for (let at: Block | undefined = block; at; at = at.query.outer) {
      for (const local of at.locals) {
        if (local.start <= start && start <= local.end)
          this.#add({
            label: local.name.text,
            kind: 'variable',
            insert: quoteName(local.name.text),
            detail: this.#document.resolver.localType(local, at),
            rank: 5,
          });
      }
    }
  }

  #commonColumns(block: Block): void {
    const before = block.sources.filter(({ start }) => start < this.#context.start);
    const joined = before.at(-1);
    if (!joined) return;
    const others = before.slice(0, -1).flatMap((source) => this.#document.resolver.sourceColumns(source, block) ?? []);
    for (const column of this.#document.resolver.sourceColumns(joined, block) ?? []) {
      if (others.some(({ name }) => sameName(name, column.name))) this.#addColumn(column, quoteName(column.name), 10);
    }
  }

  /** Columns that are written, less those that are named already. */
  #outputColumns(block: Block): void {
    const target = block.sources[0];
    const { start, clause } = this.#context;
    if (!target) return;
    const used = block.references
      .filter(
        (reference) => reference.kind === 'output' && reference.clause === clause && !(reference.start <= start && start <= reference.end),
      )
      .map(({ parts }) => parts[0]?.text ?? '');
    const columns = this.#document.resolver.sourceColumns(target, block) ?? [];
    const left = columns.filter(({ name }) => !used.some((other) => sameName(other, name)));
    for (const [index, column] of left.entries()) this.#addColumn(column, quoteName(column.name), 10 + index / 1000);
    if (clause === 'columns' && used.length === 0 && left.length > 1) {
      const all = left.map(({ name }) => quoteName(name)).join(', ');
      this.#add({ label: all, kind: 'condition', insert: all, detail: 'all columns', rank: 20 });
    }
  }

  #missingFrom(block: Block, table: string): { offset: number; text: string } {
    const at = Math.max(block.listEnd ?? this.#context.end, this.#context.end);
    return { offset: at, text: ` ${this.#writesLower() ? 'from' : 'FROM'} ${table}` };
  }

  /** Nothing is read from yet: columns of all tables, each with its FROM. */
  #columnsWithFrom(block: Block): void {
    const { resolver, catalog } = this.#document;
    const { prefix, start } = this.#context;
    const use = resolver.useBefore(start);
    for (const cte of resolver.visibleCtes(block.query)) {
      for (const column of resolver.cteColumns(cte) ?? [])
        this.#addColumn(column, quoteName(column.name), 20, this.#missingFrom(block, quoteName(cte.name.text)), cte.name.text);
    }
    for (const { created } of resolver.createdBefore(start)) {
      const name = created.parts.map(({ text }) => quoteName(text)).join('.');
      if (created.kind !== 'table' && created.kind !== 'view') continue;
      for (const column of resolver.createdColumns(created) ?? [])
        this.#addColumn(column, quoteName(column.name), 21, this.#missingFrom(block, name), name);
    }
    let count = 0;
    for (const table of catalog.tables) {
      const rank = pathRank(catalog, table, use);
      for (const column of table.columns) {
        if (!matches(column.name, prefix)) continue;
        const name = this.#tableName(table);
        this.#addColumn({ ...column, definition: table }, quoteName(column.name), 22 + rank, this.#missingFrom(block, name), table.name);
        if (++count > MAX_ITEMS) return;
      }
    }
  }

  // Sources

  #tables(): void {
    const { block, start, statement } = this.#context;
    const { resolver } = this.#document;
    const reads =
      statement !== undefined &&
      !['drop', 'alter', 'truncate', 'update', 'comment'].includes(statement.kind) &&
      this.#context.before[0] !== 'into';
    if (block && reads) {
      for (const cte of resolver.visibleCtes(block.query)) {
        if (cte.start <= start && start <= cte.end && cte.name.start === start) continue;
        const columns = resolver
          .cteColumns(cte)
          ?.map(({ name }) => name)
          .join(', ');
        this.#add({
          label: cte.name.text,
          kind: 'query',
          insert: quoteName(cte.name.text),
          detail: columns === undefined ? 'CTE' : `CTE (${columns})`,
          rank: 5,
        });
      }
    }
    for (const { created } of resolver.createdBefore(start))
      if (created.kind === 'table' || created.kind === 'view') this.#addCreated(created);
    this.#catalogTables(() => true);
    this.#schemas([]);
    if (reads) {
      this.#systemViews();
      this.#tableFunctions();
      if (this.#context.before[0] !== ',') this.#keywords(['LATERAL', 'VALUES'], 70);
      if (this.#context.before[0] === '(') this.#keywords(['SELECT', 'FROM', 'WITH', 'PIVOT', 'UNPIVOT'], 25);
    }
  }

  /** DuckDB's own views, once one is being written; and the schemas that hold them. */
  #systemViews(): void {
    const { catalog } = this.#document;
    for (const schema of new Set(catalog.systemViews.map(({ schema }) => schema)))
      if (schema !== 'main') this.#add({ label: schema, kind: 'schema', insert: schema, detail: 'system', rank: 60 });
    if (this.#context.prefix.length < 2) return;
    for (const view of catalog.systemViews)
      this.#addTable(view, view.schema === 'information_schema' ? `${view.schema}.${view.name}` : view.name, 62);
  }

  /** Of thousands of tables, only those that can be among the items in the end. */
  #catalogTables(belongs: (table: CatalogTable) => boolean): void {
    const { catalog, resolver } = this.#document;
    const { prefix, start } = this.#context;
    const use = resolver.useBefore(start);
    for (const table of catalog.tables) {
      if (!belongs(table) || !matches(table.name, prefix)) continue;
      const rank = 12 + pathRank(catalog, table, use) * 3;
      const group = score({ label: table.name, rank }, prefix);
      const count = this.#tablesByScore.get(group) ?? 0;
      // One more than are given, so that the answer is known to be cut.
      if (count > MAX_ITEMS) continue;
      this.#tablesByScore.set(group, count + 1);
      this.#addTable(table, this.#tableName(table), rank);
    }
  }

  #tableName(table: CatalogTable): string {
    const { catalog, resolver } = this.#document;
    const { start } = this.#context;
    const found = findTable(catalog, [table.name], resolver.useBefore(start));
    if (found === table && pathRank(catalog, table, resolver.useBefore(start)) === 0) return quoteName(table.name);
    const schema = `${quoteName(table.schema)}.${quoteName(table.name)}`;
    if (table.database === catalog.defaultDatabase && !resolver.useBefore(start)) return schema;
    return `${quoteName(table.database)}.${schema}`;
  }

  #addTable(table: CatalogTable, insert: string, rank: number): void {
    const rows = table.estimatedRows === undefined ? undefined : `about ${table.estimatedRows} rows`;
    const detail = [table.kind, `${table.database}.${table.schema}`, rows].filter(Boolean).join(' · ');
    this.#add({ label: table.name, kind: table.kind, insert, detail, rank });
  }

  #addCreated(created: { readonly kind: string; readonly parts: readonly Name[] }): void {
    const name = created.parts.at(-1)?.text ?? '';
    const { qualifier } = this.#context;
    const insert = qualifier.length > 0 ? quoteName(name) : created.parts.map(({ text }) => quoteName(text)).join('.');
    this.#add({
      label: name,
      kind: created.kind === 'view' ? 'view' : 'table',
      insert,
      detail: `${created.kind} of this document`,
      rank: 8,
    });
  }

  #schemas(qualifier: readonly string[]): void {
    const { catalog, resolver } = this.#document;
    const database = qualifier[0];
    for (const { created } of resolver.createdBefore(this.#context.start)) {
      const name = created.parts.at(-1)?.text ?? '';
      if (created.kind === 'schema' && database === undefined)
        this.#add({ label: name, kind: 'schema', insert: quoteName(name), rank: 40 });
    }
    for (const table of schemasOf(catalog)) {
      if (database === undefined) {
        if (table.database !== catalog.defaultDatabase)
          this.#add({ label: table.database, kind: 'schema', insert: quoteName(table.database), detail: 'database', rank: 42 });
        else if (table.schema !== 'main' || this.#context.statement?.kind === 'use')
          this.#add({ label: table.schema, kind: 'schema', insert: quoteName(table.schema), detail: 'schema', rank: 40 });
      } else if (sameName(table.database, database))
        this.#add({ label: table.schema, kind: 'schema', insert: quoteName(table.schema), detail: 'schema', rank: 40 });
    }
  }

  // Everything else

  #tableFunctions(): void {
    for (const overloads of this.#document.catalog.functions.values()) {
      const table = overloads.find(({ kind, name }) => (kind === 'table' || kind === 'table_macro') && /^[a-z]/.test(name));
      if (table) this.#addFunction(table, /^read_|^range$|^unnest$/.test(table.name) ? 50 : 65, false);
    }
  }

  #addFunction(overload: CatalogFunction, rank: number, method: boolean): void {
    const parameters = overload.parameters.filter((_, index) => !(method && index === 0));
    const empty = parameters.length === 0 && overload.varargs === undefined;
    this.#add({
      label: overload.name,
      kind: 'function',
      insert: `${overload.name}(${empty ? ')' : ''}`,
      snippet: empty ? `${snippetText(overload.name)}()$0` : `${snippetText(overload.name)}($1)$0`,
      detail: signatureText(overload),
      documentation: [overload.description, overload.example && `\`\`\`sql\n${overload.example}\n\`\`\``].filter(Boolean).join('\n\n'),
      rank,
    });
  }

  #functions(): void {
    const { prefix, start } = this.#context;
    const { catalog, resolver } = this.#document;
    for (const { created } of resolver.createdBefore(start)) {
      const name = created.parts.at(-1)?.text ?? '';
      if (created.kind === 'macro' && !created.query)
        this.#add({
          label: name,
          kind: 'function',
          insert: `${quoteName(name)}(`,
          snippet: `${snippetText(quoteName(name))}($1)$0`,
          detail: `macro of this document`,
          rank: 30,
        });
    }
    for (const [name, overloads] of catalog.functions) {
      const values = overloads.filter(({ kind }) => kind === 'scalar' || kind === 'aggregate' || kind === 'macro');
      const overload = values.find(({ parameters }) => parameters.length > 0) ?? values[0];
      if (!overload || !/^[a-z]/.test(name)) continue;
      if (prefix === '' ? COMMON_FUNCTIONS.includes(name) : matches(name, prefix))
        this.#addFunction(overload, COMMON_FUNCTIONS.includes(name) ? 40 : 50, false);
    }
    for (const [name, entry] of GRAMMAR_FUNCTIONS) {
      const isWindow = WINDOW_FUNCTIONS.includes(name);
      if (catalog.functions.has(name) && !isWindow) continue;
      if (prefix === '' ? isWindow || !COMMON_FUNCTIONS.includes(name) : !matches(name, prefix)) continue;
      const call = entry.parameters.length === 0 ? `${name}()` : `${name}($1)`;
      this.#add({
        label: name,
        kind: 'function',
        insert: `${name}(`,
        snippet: isWindow ? `${call} ${this.#writesLower() ? 'over' : 'OVER'} ($2)$0` : `${call}$0`,
        detail: grammarSignature(entry),
        documentation: entry.description,
        rank: 50,
      });
    }
  }

  #expression(): void {
    const { block, clause, before, prefix } = this.#context;
    if (block && clause === 'on' && before[0] === 'on') {
      for (const [index, { text, detail, rank }] of joinConditions(this.#document, block, this.#context.start).entries()) {
        this.#add({ label: text, kind: 'condition', insert: text, detail, rank: rank + index / 100 });
      }
    }
    const visible = block ? this.#document.resolver.visibleSources(block) : [];
    this.#columns(block, clause);
    if (block?.kind === 'select' && clause === 'select' && visible.length === 0) this.#columnsWithFrom(block);
    this.#functions();
    this.#macroArguments();
    const first = before[0];
    const start = first === 'select' ? ['*', 'DISTINCT', ...EXPRESSION_START] : EXPRESSION_START;
    if (prefix !== '' || first === 'select') this.#keywords(start, 70);
    if (first === '(') this.#keywords(['SELECT', 'FROM', 'WITH', 'DISTINCT'], 71);
    if (first === 'by' && (clause === 'group' || clause === 'order')) this.#keywords(['ALL'], 20);
    if (this.#context.call?.name === '' || this.#context.call?.before === 'over') this.#keywords(WINDOW_KEYWORDS, 72);
  }

  #windows(): void {
    for (const name of this.#context.block?.windows ?? [])
      this.#add({ label: name.text, kind: 'variable', insert: quoteName(name.text), detail: 'window', rank: 5 });
    const lower = this.#writesLower();
    const specification = lower ? 'partition by' : 'PARTITION BY';
    this.#add({ label: '(PARTITION BY …)', kind: 'keyword', insert: '(', snippet: `(${specification} $1)$0`, rank: 20 });
  }

  #afterOperand(last: string): void {
    const { clause, block, call, statement } = this.#context;
    if (call && call.name !== '' && !['in', 'exists', 'as', 'from', 'join', 'using'].includes(call.name) && clause !== 'from') {
      this.#keywords([...AFTER_OPERAND, 'ORDER BY', 'AS'], 60);
      return;
    }
    if (block?.kind === 'pivot') this.#keywords(['ON', 'USING', 'GROUP BY'], 5);
    if (clause === 'from' && (block?.kind === 'select' || block?.kind === 'pivot')) {
      const join = block?.sources.findLast(({ start }) => start < this.#context.start)?.join;
      if (join && !join.hasCondition && !join.natural) this.#keywords(['ON', 'USING'], 10);
      this.#keywords(JOIN_KEYWORDS, 30);
      this.#keywords(['AS', 'PIVOT', 'UNPIVOT', 'TABLESAMPLE'], 60);
    } else if (clause !== undefined && clause !== 'limit' && last !== 'all') {
      this.#keywords(AFTER_OPERAND, 40);
      if (clause === 'select' || clause === 'returning') this.#keywords(['AS'], 25);
      if (clause === 'order') this.#keywords(['ASC', 'DESC', 'NULLS FIRST', 'NULLS LAST'], 20);
      if (clause === 'on') this.#keywords(JOIN_KEYWORDS, 45);
      if (last === ')') this.#keywords(['OVER', 'FILTER'], 30);
    }
    if (block?.kind === 'insert' && clause !== 'values')
      this.#keywords(['VALUES', 'SELECT', 'FROM', 'DEFAULT VALUES', 'BY NAME', 'ON CONFLICT', 'RETURNING'], 30);
    else if (block?.kind === 'update') this.#keywords(['SET', 'FROM', 'WHERE', 'RETURNING'], 30);
    else if (block?.kind === 'delete') this.#keywords(['USING', 'WHERE', 'RETURNING'], 30);
    else if (block?.kind === 'merge')
      this.#keywords(['USING', 'ON', 'WHEN MATCHED THEN', 'WHEN NOT MATCHED THEN', 'UPDATE SET', 'INSERT', 'DELETE'], 30);
    else if (statement?.kind === 'create' && block?.kind === 'tail') this.#keywords(['AS'], 10);
    else if (statement?.kind === 'alter') return;
    else {
      const written = new Set(block?.clauses.filter((other) => other.start > this.#context.start).map(({ kind }) => kind));
      const follow = CLAUSES_AFTER[clause ?? ''] ?? CLAUSES_AFTER['limit'] ?? [];
      // Only what may stand before the clause that is written already.
      const until = follow.findIndex((word) => written.has(word.split(' ')[0]?.toLowerCase() as ClauseKind));
      const words = until < 0 ? follow : follow.slice(0, until);
      const reads = block?.clauses.some(({ kind }) => kind === 'select') ?? false;
      this.#keywords(block?.clauses[0]?.kind === 'from' && !reads ? ['SELECT', ...words] : words, 35);
    }
  }

  #namedArguments(name: string, used: readonly string[]): void {
    const overloads = this.#document.catalog.functions.get(name) ?? [];
    for (const { parameters, parameterTypes } of overloads) {
      for (const [index, parameter] of parameters.entries()) {
        if (/^(?:col\d+|path)$/.test(parameter) || used.includes(parameter)) continue;
        const usual = USUAL_ARGUMENTS.indexOf(parameter);
        const rank = 10 + (usual < 0 ? 1 : usual / 100);
        this.#add({ label: parameter, kind: 'variable', insert: `${parameter} = `, detail: parameterTypes[index], rank });
      }
    }
  }

  /** Arguments of a macro that is being called can be given by name. */
  #macroArguments(): void {
    const { call, before, start } = this.#context;
    if (!call || call.name === '' || (before[0] !== '(' && before[0] !== ',')) return;
    const made = this.#document.resolver
      .createdBefore(start)
      .find(({ created }) => created.kind === 'macro' && sameName(created.parts.at(-1)?.text ?? '', call.name));
    const known = this.#document.catalog.functions.get(call.name)?.filter(({ kind }) => kind.endsWith('macro')) ?? [];
    const names = made ? made.created.parameters.map(({ text }) => text) : known.flatMap(({ parameters }) => parameters);
    for (const name of names.slice(call.argument)) {
      if (!call.named.includes(name.toLowerCase()))
        this.#add({ label: name, kind: 'variable', insert: `${quoteName(name)} := `, detail: `argument of ${call.name}`, rank: 30 });
    }
  }

  #types(): void {
    for (const type of this.#document.catalog.types)
      this.#add({ label: type, kind: 'type', insert: type, rank: /^[A-Z]/.test(type) ? 10 : 20 });
    for (const { kind, name, detail } of this.#document.catalog.named)
      if (kind === 'type') this.#add({ label: name, kind: 'type', insert: quoteName(name), detail, rank: 9 });
    for (const { created } of this.#document.resolver.createdBefore(this.#context.start)) {
      const name = created.parts.at(-1)?.text ?? '';
      if (created.kind === 'other') this.#add({ label: name, kind: 'type', insert: quoteName(name), rank: 9 });
    }
  }
}

/** Settings that people change most. */
const USUAL_SETTINGS =
  'memory_limit threads search_path schema timezone temp_directory preserve_insertion_order enable_progress_bar default_order default_null_order'.split(
    ' ',
  );

/** Arguments of file readers that people write most. */
const USUAL_ARGUMENTS =
  'header delim columns types union_by_name hive_partitioning filename sample_size dateformat timestampformat nullstr skip quote ignore_errors all_varchar auto_detect'.split(
    ' ',
  );

/** Words before an operand; any other word is an operand itself. */
const OPERAND_FOLLOWS = new Set(
  'select distinct where and or not on by having qualify when then else case in between like ilike similar limit offset returning set values if using for partition interval is from into with over filter lambda any some exists'.split(
    ' ',
  ),
);

/** `name(parameters) → type` */
export function signatureText({ name, parameters, parameterTypes, varargs, returnType }: CatalogFunction): string {
  const list = parameters.map((parameter, index) => `${parameter} ${parameterTypes[index] ?? ''}`.trim());
  if (varargs) list.push(`${varargs}…`);
  const shown = list.length > 12 ? [...list.slice(0, 12), '…'] : list;
  return `${name}(${shown.join(', ')})${returnType ? ` → ${returnType}` : ''}`;
}

function snippetText(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
