import { meaningType, sourceName } from '../../../engine/sql/resolveNames.ts';
import type { Block, Name } from '../../../engine/sql/scopeTree.ts';
import { quoteName, sameName } from '../../../engine/sql/sqlNames.ts';
import { structFields } from '../../../engine/sql/sqlTypes.ts';
import { findTable } from '../catalog.ts';
import { objectPlace } from '../objectPlaces.ts';
import { addColumn, columnsOf, missingFrom } from './columns.ts';
import { isTablePlace } from './expressions.ts';
import { addMethods } from './functions.ts';
import { columnShift } from './likelyColumns.ts';
import type { CompletionPlace } from './place.ts';
import { addCreated, addSchemas, addTable } from './tables.ts';

export function addQualified(place: CompletionPlace): void {
  const { qualifier, block, clause, start, before } = place.context;
  const { resolver, catalog } = place.document;
  const first = qualifier[0] ?? '';
  const tablePlace = isTablePlace(place, before[0] ?? '');
  if (block && !tablePlace) {
    const named = resolver.visibleSources(block).filter(({ source }) => sameName(sourceName(source) ?? '', first));
    const source = named[0];
    if (source && qualifier.length === 1) {
      const shift = columnShift(place, block, clause);
      for (const column of columnsOf(place, source)) addColumn(place, column, quoteName(column.name), 10 + shift(column.name, column.type));
      if (columnsOf(place, source).length > 0) return;
    }
    const parts = qualifier.map((text): Name => ({ text, start: place.context.qualifierStart, end: start }));
    const reference = { kind: 'column' as const, parts, clause: clause ?? 'select', start: place.context.qualifierStart, end: start };
    const type = resolver.meanings(reference, block).at(-1);
    const typeName = type && meaningType(type);
    for (const field of structFields(typeName) ?? [])
      place.items.add({ label: field.name, kind: 'field', insert: quoteName(field.name), detail: field.type, rank: 10 });
    if (typeName) {
      addMethods(place, typeName);
      return;
    }
    if (qualifier.length > 1) {
      const table = findTable(catalog, qualifier, resolver.useBefore(start));
      for (const column of table?.columns ?? []) addColumn(place, { ...column, definition: table }, quoteName(column.name), 10);
    }
    // The table is known, and its FROM is not written yet.
    if (!source && qualifier.length === 1) {
      const created = resolver.createdBefore(start).find(({ created: { parts: names } }) => sameName(names.at(-1)?.text ?? '', first));
      const table = findTable(catalog, qualifier, resolver.useBefore(start));
      const columns = created
        ? resolver.createdColumns(created.created)
        : table?.columns.map((column) => ({ ...column, definition: table }));
      if (place.context.statement?.kind === 'comment')
        for (const column of columns ?? []) addColumn(place, column, quoteName(column.name), 10);
      else if (!resolver.visibleSources(block).length) {
        const also = missingFrom(place, block)(quoteName(first));
        for (const column of columns ?? []) addColumn(place, column, quoteName(column.name), 10, also);
      }
    }
    addSourcesOfSchema(place, block, qualifier);
    if (place.items.all.length > 0) return;
  }
  if (place.context.statement?.kind === 'use') {
    addSchemas(place, qualifier);
    return;
  }
  const wanted = objectPlace(place.context.words);
  const kinds = wanted?.expects === 'objects' ? wanted.kinds : undefined;
  if (tablePlace || block?.sources.length === 0) {
    for (const table of [...catalog.tables, ...catalog.systemViews]) {
      const inSchema =
        qualifier.length === 1 && (sameName(table.schema, first) || (sameName(table.database, first) && table.schema === 'main'));
      const inBoth = qualifier.length === 2 && sameName(table.database, first) && sameName(table.schema, qualifier[1] ?? '');
      if ((inSchema || inBoth) && (kinds?.includes(table.kind) ?? true)) addTable(place, table, quoteName(table.name), 10);
    }
    for (const { created } of resolver.createdBefore(start)) {
      const schema = created.parts.at(-2)?.text;
      if ((created.kind === 'table' || created.kind === 'view') && schema !== undefined && sameName(schema, first))
        addCreated(place, created);
    }
    if (qualifier.length === 1) addSchemas(place, qualifier);
  }
}

/** Tables that are read from under their schema's name, by which their columns can be named as well. */
function addSourcesOfSchema(place: CompletionPlace, block: Block, qualifier: readonly string[]): void {
  for (const { source } of place.document.resolver.visibleSources(block)) {
    const names = source.parts.map(({ text }) => text);
    const name = names.at(-1);
    const schema = names.slice(0, -1).slice(-qualifier.length);
    if (name === undefined || source.alias || source.kind !== 'relation' || schema.length !== qualifier.length) continue;
    if (schema.every((part, index) => sameName(part, qualifier[index] ?? '')))
      place.items.add({ label: name, kind: 'query', insert: quoteName(name), detail: 'source', rank: 10 });
  }
}
