import { quoteName, sameName } from '../../../engine/sql/sqlNames.ts';
import { findTable } from '../catalog.ts';
import { type ObjectKind, objectPlace } from '../objectPlaces.ts';
import { addColumn } from './columns.ts';
import type { CompletionPlace } from './place.ts';
import { addCatalogTables, addCreated, addSchemas } from './tables.ts';

/** Settings that people change most. */
const USUAL_SETTINGS =
  'memory_limit threads search_path schema timezone temp_directory preserve_insertion_order enable_progress_bar default_order default_null_order'.split(
    ' ',
  );

export function addSettings(place: CompletionPlace, rank = 10): void {
  for (const { name, description, type } of place.document.catalog.settings) {
    const usual = USUAL_SETTINGS.indexOf(name.toLowerCase());
    const shift = usual >= 0 ? usual / 100 - 1 : name.startsWith('_') ? 1 : 0;
    place.items.add({ label: name, kind: 'setting', insert: name, detail: type, documentation: description, rank: rank + shift });
  }
}

export function addPragmas(place: CompletionPlace): void {
  for (const [name, overloads] of place.document.catalog.functions)
    if (overloads[0]?.kind === 'pragma') place.items.add({ label: name, kind: 'function', insert: name, detail: 'pragma', rank: 10 });
  addSettings(place, 20);
}

/** Names of things where a statement expects them; false where it expects none. */
export function addAtObjects(place: CompletionPlace): boolean {
  const { statement, block } = place.context;
  const { script, catalog, resolver } = place.document;
  const wanted = objectPlace(place.context.words);
  if (wanted === undefined) return false;
  if (wanted.expects === 'columns') {
    const table = findTable(catalog, wanted.table, resolver.useBefore(place.context.start));
    const created = resolver
      .createdBefore(place.context.start)
      .find(({ created: { parts } }) => sameName(parts.at(-1)?.text ?? '', wanted.table.at(-1) ?? ''));
    const columns = created ? resolver.createdColumns(created.created) : table?.columns;
    for (const [index, column] of (columns ?? []).entries())
      addColumn(place, { ...column, definition: table }, quoteName(column.name), 10 + index / 1000);
    if (statement?.kind === 'alter') place.items.keywords(['COLUMN', 'TO'], 60);
    if (block === undefined && !columns) return false;
  } else if (wanted.expects === 'objects') {
    for (const kind of wanted.kinds) addObjects(place, kind);
    if (['drop', 'alter'].includes(statement?.kind ?? '')) place.items.keywords(['IF EXISTS'], 60);
    if (wanted.kinds.includes('prepared')) {
      for (const [, name = ''] of script.text.slice(0, place.context.start).matchAll(/\bprepare\s+("(?:[^"]|"")+"|\w+)/gi))
        place.items.add({ label: name.replaceAll('"', ''), kind: 'variable', insert: name, detail: 'prepared statement', rank: 10 });
    }
  }
  return true;
}

function addObjects(place: CompletionPlace, kind: ObjectKind): void {
  const { catalog, resolver } = place.document;
  const { start } = place.context;
  if (kind === 'table' || kind === 'view') {
    for (const { created } of resolver.createdBefore(start)) if (created.kind === kind) addCreated(place, created);
    addCatalogTables(place, (table) => table.kind === kind);
    addSchemas(place, []);
    return;
  }
  for (const { created } of resolver.createdBefore(start)) {
    const name = created.parts.at(-1)?.text ?? '';
    if (created.kind === kind || (created.kind === 'other' && (kind === 'type' || kind === 'sequence' || kind === 'index')))
      place.items.add({
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
    place.items.add({ label: thing.name, kind: shown, insert, detail: [kind, thing.detail].filter(Boolean).join(' · '), rank: 12 });
  }
}

export function addTypes(place: CompletionPlace): void {
  for (const type of place.document.catalog.types)
    place.items.add({ label: type, kind: 'type', insert: type, rank: /^[A-Z]/.test(type) ? 10 : 20 });
  for (const { kind, name, detail } of place.document.catalog.named)
    if (kind === 'type') place.items.add({ label: name, kind: 'type', insert: quoteName(name), detail, rank: 9 });
  for (const { created } of place.document.resolver.createdBefore(place.context.start)) {
    const name = created.parts.at(-1)?.text ?? '';
    if (created.kind === 'type') place.items.add({ label: name, kind: 'type', insert: quoteName(name), rank: 9 });
  }
}
