import type { Name } from '../../../engine/sql/scopeTree.ts';
import { quoteName, sameName } from '../../../engine/sql/sqlNames.ts';
import { type CatalogTable, findTable, pathRank, schemasOf } from '../catalog.ts';
import { addTableFunctions } from './functions.ts';
import { MAX_ITEMS, matches, score } from './item.ts';
import type { CompletionPlace } from './place.ts';

export function addTables(place: CompletionPlace): void {
  const { block, start, statement } = place.context;
  const { resolver } = place.document;
  const reads =
    statement !== undefined &&
    !['drop', 'alter', 'truncate', 'update', 'comment'].includes(statement.kind) &&
    place.context.before[0] !== 'into';
  if (block && reads) {
    for (const cte of resolver.visibleCtes(block.query)) {
      if (cte.start <= start && start <= cte.end && cte.name.start === start) continue;
      const columns = resolver
        .cteColumns(cte)
        ?.map(({ name }) => name)
        .join(', ');
      place.items.add({
        label: cte.name.text,
        kind: 'query',
        insert: quoteName(cte.name.text),
        detail: columns === undefined ? 'CTE' : `CTE (${columns})`,
        rank: 5,
      });
    }
  }
  for (const { created } of resolver.createdBefore(start))
    if (created.kind === 'table' || created.kind === 'view') addCreated(place, created);
  addCatalogTables(place, () => true);
  addSchemas(place, []);
  if (reads) {
    addSystemViews(place);
    addTableFunctions(place);
    if (place.context.before[0] !== ',') place.items.keywords(['LATERAL', 'VALUES'], 70);
    if (place.context.before[0] === '(') place.items.keywords(['SELECT', 'FROM', 'WITH', 'PIVOT', 'UNPIVOT'], 25);
  }
}

/** DuckDB's own views, once one is being written; and the schemas that hold them. */
function addSystemViews(place: CompletionPlace): void {
  const { catalog } = place.document;
  for (const schema of new Set(catalog.systemViews.map(({ schema }) => schema)))
    if (schema !== 'main') place.items.add({ label: schema, kind: 'schema', insert: schema, detail: 'system', rank: 60 });
  if (place.context.prefix.length < 2) return;
  for (const view of catalog.systemViews)
    addTable(place, view, view.schema === 'information_schema' ? `${view.schema}.${view.name}` : view.name, 62);
}

/** Of thousands of tables, only those that can be among the items in the end. */
export function addCatalogTables(place: CompletionPlace, belongs: (table: CatalogTable) => boolean): void {
  const { catalog, resolver } = place.document;
  const { prefix, start } = place.context;
  const use = resolver.useBefore(start);
  const isRelated = relatedTables(place);
  for (const table of catalog.tables) {
    if (!belongs(table) || !matches(table.name, prefix)) continue;
    const rank = isRelated(table) ? 6 : 12 + pathRank(catalog, table, use) * 3;
    const group = score({ label: table.name, rank }, prefix);
    const count = place.tablesByScore.get(group) ?? 0;
    // One more than are given, so that the answer is known to be cut.
    if (count > MAX_ITEMS) continue;
    place.tablesByScore.set(group, count + 1);
    addTable(place, table, tableName(place, table), rank);
  }
}

/** Behind JOIN, whether a foreign key connects a table with one that is read from already. */
function relatedTables(place: CompletionPlace): (table: CatalogTable) => boolean {
  const { block, before, start } = place.context;
  const { resolver, catalog } = place.document;
  if (!block || before[0] !== 'join') return () => false;
  const joined = block.sources.flatMap((source) => {
    const meaning = source.end < start ? resolver.relationMeaning(source, block.query) : undefined;
    return meaning?.kind === 'relation' ? (catalog.tables.find((table) => table === meaning.relation) ?? []) : [];
  });
  // Keys are read from the text of a table when they are first asked for: thousands would be felt at the keyboard.
  const readsAll = catalog.tables.length <= MAX_ITEMS;
  const refers = (from: CatalogTable, to: CatalogTable) =>
    from.database === to.database && from.schema === to.schema && from.foreignKeys.some((key) => sameName(key.table, to.name));
  return (table) => joined.some((other) => refers(other, table) || (readsAll && refers(table, other)));
}

export function tableName(place: CompletionPlace, table: CatalogTable): string {
  const { catalog, resolver } = place.document;
  const { start } = place.context;
  const found = findTable(catalog, [table.name], resolver.useBefore(start));
  if (found === table && pathRank(catalog, table, resolver.useBefore(start)) === 0) return quoteName(table.name);
  const schema = `${quoteName(table.schema)}.${quoteName(table.name)}`;
  if (table.database === catalog.defaultDatabase && !resolver.useBefore(start)) return schema;
  return `${quoteName(table.database)}.${schema}`;
}

export function addTable(place: CompletionPlace, table: CatalogTable, insert: string, rank: number): void {
  const rows = table.estimatedRows === undefined ? undefined : `about ${table.estimatedRows} rows`;
  const detail = [table.kind, `${table.database}.${table.schema}`, rows].filter(Boolean).join(' · ');
  place.items.add({ label: table.name, kind: table.kind, insert, detail, documentation: table.comment, rank });
}

export function addCreated(place: CompletionPlace, created: { readonly kind: string; readonly parts: readonly Name[] }): void {
  const name = created.parts.at(-1)?.text ?? '';
  const { qualifier } = place.context;
  const insert = qualifier.length > 0 ? quoteName(name) : created.parts.map(({ text }) => quoteName(text)).join('.');
  place.items.add({
    label: name,
    kind: created.kind === 'view' ? 'view' : 'table',
    insert,
    detail: `${created.kind} of this document`,
    rank: 8,
  });
}

export function addSchemas(place: CompletionPlace, qualifier: readonly string[]): void {
  const { catalog, resolver } = place.document;
  const database = qualifier[0];
  for (const { created } of resolver.createdBefore(place.context.start)) {
    const name = created.parts.at(-1)?.text ?? '';
    if (created.kind === 'schema' && database === undefined)
      place.items.add({ label: name, kind: 'schema', insert: quoteName(name), rank: 40 });
  }
  for (const table of schemasOf(catalog)) {
    if (database === undefined) {
      if (table.database !== catalog.defaultDatabase)
        place.items.add({ label: table.database, kind: 'schema', insert: quoteName(table.database), detail: 'database', rank: 42 });
      else if (table.schema !== 'main' || place.context.statement?.kind === 'use')
        place.items.add({ label: table.schema, kind: 'schema', insert: quoteName(table.schema), detail: 'schema', rank: 40 });
    } else if (sameName(table.database, database))
      place.items.add({ label: table.schema, kind: 'schema', insert: quoteName(table.schema), detail: 'schema', rank: 40 });
  }
}
