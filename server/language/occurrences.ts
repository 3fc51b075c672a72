import type { Meaning, NameResolver } from '../../engine/sql/resolveNames.ts';
import type { Block, Name, SelectItem, StatementScope, TextRange } from '../../engine/sql/scopeTree.ts';
import { sameName } from '../../engine/sql/sqlNames.ts';
import type { SqlScript } from '../../engine/sql/sqlScript.ts';
import type { LanguageDocument } from './languageDocument.ts';

/** What a name stands for: the written name or select item that defines it, or the path of something in the database. */
export type SymbolKey = Name | SelectItem | string;

/** A place where a name is written. */
export interface Occurrence extends TextRange {
  readonly key: SymbolKey;
  readonly meaning: Meaning;
  readonly definition: boolean;
  readonly block: Block | undefined;
  /** Through USING, REPLACE or BY NAME, where one name stands for several columns. */
  readonly shared: boolean;
}

/** The occurrence at an offset; the offset behind a name belongs to it. */
export function occurrenceAt(document: LanguageDocument, offset: number): Occurrence | undefined {
  const statement = document.script.statementAt(offset);
  if (!statement) return undefined;
  const at = occurrences(document.resolver, statement).filter(({ start, end }) => start <= offset && offset <= end);
  return at.find(({ end }) => offset < end) ?? at[0];
}

/** Every occurrence in a statement of a name that is understood; `inExpressions` false leaves out those in expressions. */
export function occurrences(resolver: NameResolver, statement: StatementScope, inExpressions = true): Occurrence[] {
  const found: Occurrence[] = [];
  const add = (name: TextRange, meaning: Meaning | undefined, block: Block | undefined, definition = false, shared = false) => {
    // A field has no definition to share, so each place stands for itself.
    const key = meaning && (meaning.kind === 'field' ? `field at ${name.start}` : symbolKey(meaning, resolver, block));
    if (meaning && key !== undefined && name.end > name.start)
      found.push({ start: name.start, end: name.end, key, meaning, definition, block, shared });
  };
  const column = (name: Name, block: Block | undefined, type?: string) =>
    add(name, { kind: 'column', column: { name: name.text, type, definition: name }, source: undefined }, block, true);
  const { created } = statement;
  if (created) {
    const last = created.parts.at(-1);
    if (last && created.kind !== 'variable') add(last, { kind: 'created', created, statement }, undefined, true);
    for (const { name, type } of created.columns) column(name, undefined, type);
    for (const name of created.columnAliases) column(name, undefined);
  }
  for (const { name, type } of statement.altered?.columns ?? []) column(name, undefined, type);
  for (const mention of statement.mentions) {
    const meaning = resolver.mentioned(mention);
    add(mention.name, meaning, undefined, meaning?.kind === 'created' && meaning.created.parts.includes(mention.name));
  }
  for (const query of statement.queries) {
    for (const cte of query.ctes) {
      add(cte.name, { kind: 'cte', cte }, undefined, true);
      for (const name of cte.columns) column(name, undefined);
      for (const name of cte.keys) {
        const known = resolver.cteColumns(cte)?.find((candidate) => sameName(candidate.name, name.text));
        add(name, known && { kind: 'column', column: known, source: undefined }, undefined);
      }
    }
  }
  for (const block of statement.blocks) {
    if (block.kind === 'insert' && block.byName) addByName(resolver, statement, block, add);
    for (const source of block.sources) {
      if (source.kind === 'excluded') continue;
      const last = source.parts.at(-1);
      if (last) add(last, resolver.relationMeaning(source, block.query), block);
      if (source.alias) add(source.alias, { kind: 'source', source }, block, true);
      for (const name of source.columnAliases) column(name, block, resolver.column(source, block, name.text)?.type);
    }
    for (const item of block.items) {
      if (item.alias) add(item.alias, { kind: 'alias', column: resolver.itemColumn(block, item), item }, block, true);
      for (const name of [...(item.star?.rename.map(({ to }) => to) ?? []), ...(item.star?.replace ?? [])]) column(name, block);
      // What REPLACE makes must have the name of a column that is there.
      for (const name of item.star?.replace ?? []) {
        add(
          name,
          { kind: 'column', column: { name: name.text, type: undefined, definition: name }, source: undefined },
          block,
          false,
          true,
        );
        for (const source of block.sources) {
          const replaced = resolver.column(source, block, name.text);
          if (replaced) add(name, { kind: 'column', column: replaced, source }, block, false, true);
        }
      }
    }
    for (const name of block.windows) add(name, { kind: 'window', name }, block, true);
    for (const local of block.locals) add(local.name, { kind: 'local', local, type: resolver.localType(local, block) }, block, true);
    const pivot = block.pivot;
    for (const name of [...(pivot?.valueColumns ?? []), ...(pivot?.nameColumn ? [pivot.nameColumn] : [])]) column(name, block);
    for (const reference of inExpressions ? block.references : []) {
      for (const [index, meaning] of resolver.meanings(reference, block).entries()) {
        const part = reference.parts[index];
        if (part) add(part, meaning, block, false, reference.kind === 'using');
      }
      if (reference.kind !== 'using') continue;
      // One name stands for a column on either side.
      const [name] = reference.parts;
      for (const source of block.sources) {
        const other = name && resolver.column(source, block, name.text);
        if (name && other) add(name, { kind: 'column', column: other, source }, block, false, true);
      }
    }
  }
  return found;
}

/**
 * The statements that may name what an occurrence stands for, which the script has at an offset: its own for what nothing outside of it
 * can name, else those that have one of its names somewhere.
 */
export function statementsAbout(
  script: SqlScript,
  { key, meaning }: Occurrence,
  names: readonly string[],
  offset: number,
): StatementScope[] {
  const isLocal = typeof key !== 'string' && ['source', 'cte', 'window'].includes(meaning.kind);
  const own = isLocal ? script.statementAt(offset) : undefined;
  if (own) return [own];
  const found = new Set(names.flatMap((name) => script.statementsNaming(name)));
  return [...found].sort((a, b) => a.start - b.start);
}

type AddOccurrence = (name: TextRange, meaning: Meaning, block: Block, definition: boolean, shared: boolean) => void;

/** Columns of INSERT … BY NAME, each of which is one with the column of the table that has its name. */
function addByName(resolver: NameResolver, statement: StatementScope, block: Block, add: AddOccurrence): void {
  const target = block.sources[0];
  const query = statement.queries.find(({ outer, members }) => outer === block && members.length > 0);
  for (const own of (query && resolver.queryColumns(query)) ?? []) {
    const filled = target && resolver.column(target, block, own.name);
    const range = own.definition && 'database' in own.definition ? undefined : own.definition && definitionRange(own.definition);
    if (!filled || !range || range.start < block.start || block.end < range.end) continue;
    add(range, { kind: 'column', column: own, source: undefined }, block, false, true);
    add(range, { kind: 'column', column: filled, source: target }, block, false, true);
  }
}

/** The key with those of the columns that USING, REPLACE or BY NAME make one with it. */
export function joinedKeys(key: SymbolKey, all: readonly Occurrence[]): ReadonlySet<SymbolKey> {
  const keys = new Set([key]);
  const shared = all.filter((occurrence) => occurrence.shared);
  for (let size = 0; size < keys.size; ) {
    size = keys.size;
    const starts = new Set(shared.filter((other) => keys.has(other.key)).map(({ start }) => start));
    for (const other of shared) if (starts.has(other.start)) keys.add(other.key);
  }
  return keys;
}

/** What identifies the thing that a name stands for; undefined for what nothing can refer to twice. */
function symbolKey(meaning: Meaning, resolver: NameResolver, block: Block | undefined): SymbolKey | undefined {
  switch (meaning.kind) {
    case 'cte':
      return meaning.cte.name;
    case 'created':
      return meaning.created.parts.at(-1);
    case 'relation':
      return JSON.stringify([meaning.relation.database, meaning.relation.schema, meaning.relation.name]);
    case 'source': {
      const { source } = meaning;
      if (source.alias) return source.alias;
      const relation = block && resolver.relationMeaning(source, block.query);
      return relation && symbolKey(relation, resolver, block);
    }
    case 'column': {
      const { definition, name } = meaning.column;
      // Of a file or a function: nothing else can name it than what reads from the same source.
      if (!definition) return meaning.source && `column of ${meaning.source.start} ${name.toLowerCase()}`;
      if ('database' in definition) return JSON.stringify([definition.database, definition.schema, definition.name, name.toLowerCase()]);
      return definition;
    }
    case 'alias':
      return meaning.item.alias;
    case 'local':
      return meaning.local.name;
    case 'window':
      return meaning.name;
    case 'schema':
      return `schema ${meaning.name.toLowerCase()}`;
    case 'function':
      return `function ${meaning.name.toLowerCase()}`;
    default:
      return undefined;
  }
}

/** Where a symbol is defined; undefined for what only the database knows. */
export function definitionRange(key: SymbolKey): TextRange | undefined {
  if (typeof key === 'string') return undefined;
  if ('star' in key) return key.reference?.parts.at(-1) ?? key;
  // What has no place in the text, such as `excluded`.
  return key.end > key.start ? key : undefined;
}
