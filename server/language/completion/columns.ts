import { tokenize } from '../../../engine/sql/lexer.ts';
import { type Column, sourceName, type VisibleSource } from '../../../engine/sql/resolveNames.ts';
import type { Block, ClauseKind, Source } from '../../../engine/sql/scopeTree.ts';
import { quoteName, sameName } from '../../../engine/sql/sqlNames.ts';
import { pathRank } from '../catalog.ts';
import { MAX_ITEMS, matches, snippetText } from './item.ts';
import { columnShift } from './likelyColumns.ts';
import type { CompletionPlace } from './place.ts';
import { tableName } from './tables.ts';

const CLOSING_BRACKETS: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

export function columnsOf(place: CompletionPlace, { source, block }: VisibleSource): readonly Column[] {
  return place.document.resolver.sourceColumns(source, block) ?? [];
}

export function addColumn(
  place: CompletionPlace,
  column: Column,
  insert: string,
  rank: number,
  also?: { readonly offset: number; readonly text: string },
  from?: string,
): void {
  const detail = [column.type, from].filter(Boolean).join(' · ');
  const documentation = commentOf(column);
  const base = { label: column.name, kind: 'column' as const, detail: detail === '' ? undefined : detail, documentation, rank };
  // At the cursor the two edits would meet, so that they are one.
  if (also && also.offset >= place.context.start && also.offset <= place.context.end) {
    place.items.add({ ...base, insert: `${insert}${also.text}`, snippet: `${snippetText(insert)}$0${snippetText(also.text)}` });
  } else place.items.add({ ...base, insert, ...(also && { also }) });
}

/** What COMMENT ON COLUMN said of a column of a table. */
function commentOf({ name, definition }: Column): string | undefined {
  const known = definition && 'columns' in definition ? definition.columns.find((column) => sameName(column.name, name)) : undefined;
  return known && 'comment' in known && typeof known.comment === 'string' ? known.comment : undefined;
}

/** Every column that can be named without a qualifier, and with one where the bare name would be ambiguous. */
export function addColumns(place: CompletionPlace, block: Block | undefined, clause: ClauseKind | undefined): void {
  if (!block) return;
  const visible = place.document.resolver
    .visibleSources(block)
    .filter(
      ({ source, level }) =>
        source.kind !== 'excluded' && !isAtCursor(place, source) && !(clause === 'on' && level === 0 && source.start > place.context.start),
    );
  const counts = new Map<string, number>();
  for (const seen of visible) {
    const using = new Set(seen.source.join?.using.map(({ text }) => text.toLowerCase()));
    for (const { name } of columnsOf(place, seen)) {
      const key = `${seen.level} ${name.toLowerCase()}`;
      if (using.has(name.toLowerCase()) || (seen.source.join?.natural && counts.has(key))) continue;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  const nearer = new Set<string>();
  const shift = columnShift(place, block, clause);
  for (const seen of visible) {
    const from = sourceName(seen.source);
    const qualifier = from === undefined ? undefined : quoteName(from);
    for (const [index, column] of columnsOf(place, seen).entries()) {
      const key = column.name.toLowerCase();
      const ambiguous = (counts.get(`${seen.level} ${key}`) ?? 0) > 1 || (seen.level > 0 && nearer.has(key));
      const insert = ambiguous && qualifier !== undefined ? `${qualifier}.${quoteName(column.name)}` : quoteName(column.name);
      addColumn(place, column, insert, 10 + seen.level * 5 + index / 1000 + shift(column.name, column.type), undefined, from);
    }
    if (seen.level === 0) for (const { name } of columnsOf(place, seen)) nearer.add(name.toLowerCase());
    const isAround = seen.source.start <= place.context.start && place.context.start <= seen.source.end;
    if (qualifier !== undefined && from !== undefined && !isAround)
      place.items.add({ label: from, kind: 'query', insert: qualifier, detail: 'source', rank: 35 });
  }
  if (block.sources.some(({ kind }) => kind === 'excluded'))
    place.items.add({ label: 'excluded', kind: 'query', insert: 'excluded', detail: 'the row that was not inserted', rank: 35 });
  addAliases(place, block, clause);
  addLocals(place, block);
}

function isAtCursor(place: CompletionPlace, source: Source): boolean {
  const { start, end } = place.context;
  return source.parts.some((part) => part.start === start && part.end >= end);
}

function addAliases(place: CompletionPlace, block: Block, clause: ClauseKind | undefined): void {
  const { start } = place.context;
  if (clause === 'on' || clause === 'from' || clause === 'using') return;
  for (const item of block.items) {
    if (!item.alias || (item.start <= start && start <= item.end) || (clause === 'select' && item.end > start)) continue;
    const column = place.document.resolver.itemColumn(block, item);
    place.items.add({
      label: column.name,
      kind: 'variable',
      insert: quoteName(column.name),
      detail: [column.type, item.text].filter(Boolean).join(' · '),
      rank: clause === 'order' || clause === 'group' ? 8 : 14,
    });
  }
  if (block.kind === 'tail')
    for (const column of place.document.resolver.queryColumns(block.query) ?? []) addColumn(place, column, quoteName(column.name), 10);
}

function addLocals(place: CompletionPlace, block: Block): void {
  const { start } = place.context;
  for (let at: Block | undefined = block; at; at = at.query.outer) {
    for (const local of at.locals) {
      if (local.start <= start && start <= local.end)
        place.items.add({
          label: local.name.text,
          kind: 'variable',
          insert: quoteName(local.name.text),
          detail: place.document.resolver.localType(local, at),
          rank: 5,
        });
    }
  }
}

export function addCommonColumns(place: CompletionPlace, block: Block): void {
  const before = block.sources.filter(({ start }) => start < place.context.start);
  const joined = before.at(-1);
  if (!joined) return;
  const others = before.slice(0, -1).flatMap((source) => place.document.resolver.sourceColumns(source, block) ?? []);
  for (const column of place.document.resolver.sourceColumns(joined, block) ?? []) {
    if (others.some(({ name }) => sameName(name, column.name))) addColumn(place, column, quoteName(column.name), 10);
  }
}

/** Columns that are written, less those that are named already. */
export function addOutputColumns(place: CompletionPlace, block: Block): void {
  const target = block.sources[0];
  const { start, clause } = place.context;
  if (!target) return;
  const used = block.references
    .filter(
      (reference) => reference.kind === 'output' && reference.clause === clause && !(reference.start <= start && start <= reference.end),
    )
    .map(({ parts }) => parts[0]?.text ?? '');
  const columns = place.document.resolver.sourceColumns(target, block) ?? [];
  const generated = clause === 'columns' || clause === 'set' ? generatedColumns(place, target, block) : [];
  const left = columns.filter(({ name }) => ![...used, ...generated].some((other) => sameName(other, name)));
  for (const [index, column] of left.entries()) addColumn(place, column, quoteName(column.name), 10 + index / 1000);
  if (clause === 'columns' && used.length === 0 && left.length > 1) {
    const all = left.map(({ name }) => quoteName(name)).join(', ');
    place.items.add({ label: all, kind: 'condition', insert: all, detail: 'all columns', rank: 20 });
  }
}

/** Columns of a table that nothing can be written to. */
function generatedColumns({ document }: CompletionPlace, target: Source, block: Block): readonly string[] {
  const meaning = document.resolver.relationMeaning(target, block.query);
  if (meaning?.kind === 'created') return meaning.created.columns.filter(({ generated }) => generated).map(({ name }) => name.text);
  if (meaning?.kind !== 'relation') return [];
  return (
    document.catalog.tablesByName.get(meaning.relation.name.toLowerCase())?.find((table) => table === meaning.relation)?.generated ?? []
  );
}

/** What writes the FROM of a table behind a select list; brackets that are open there are closed before. */
export function missingFrom(place: CompletionPlace, block: Block): (table: string) => { readonly offset: number; readonly text: string } {
  const offset = Math.max(block.listEnd ?? place.context.end, place.context.end);
  const list = place.document.script.text.slice(block.start, offset);
  const open: string[] = [];
  for (const token of tokenize(list)) {
    const text = list.slice(token.start, token.end);
    const closing = CLOSING_BRACKETS.get(text);
    if (closing !== undefined) open.unshift(closing);
    else if (open[0] === text) open.shift();
  }
  const before = `${open.join('')} ${place.statementIsLower() ? 'from' : 'FROM'}`;
  return (table) => ({ offset, text: `${before} ${table}` });
}

/** Nothing is read from yet: columns of all tables, each with its FROM. */
export function addColumnsWithFrom(place: CompletionPlace, block: Block): void {
  const { resolver, catalog } = place.document;
  const { prefix, start } = place.context;
  const use = resolver.useBefore(start);
  const from = missingFrom(place, block);
  for (const cte of resolver.visibleCtes(block.query)) {
    for (const column of resolver.cteColumns(cte) ?? [])
      addColumn(place, column, quoteName(column.name), 20, from(quoteName(cte.name.text)), cte.name.text);
  }
  for (const { created } of resolver.createdBefore(start)) {
    const name = created.parts.map(({ text }) => quoteName(text)).join('.');
    if (created.kind !== 'table' && created.kind !== 'view') continue;
    for (const column of resolver.createdColumns(created) ?? []) addColumn(place, column, quoteName(column.name), 21, from(name), name);
  }
  let count = 0;
  for (const table of catalog.tables) {
    const rank = pathRank(catalog, table, use);
    for (const column of table.columns) {
      if (!matches(column.name, prefix)) continue;
      const name = tableName(place, table);
      addColumn(place, { ...column, definition: table }, quoteName(column.name), 22 + rank, from(name), table.name);
      if (++count > MAX_ITEMS) return;
    }
  }
}
