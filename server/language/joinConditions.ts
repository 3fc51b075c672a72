import type { Column } from '../../engine/sql/resolveNames.ts';
import { sourceName } from '../../engine/sql/resolveNames.ts';
import type { Block, Source } from '../../engine/sql/scopeTree.ts';
import { quoteName, sameName } from '../../engine/sql/sqlNames.ts';
import type { ForeignKey } from './catalog.ts';
import type { LanguageDocument } from './languageDocument.ts';

export interface JoinCondition {
  readonly text: string;
  readonly detail: string;
  readonly rank: number;
}

interface Side {
  readonly source: Source;
  readonly table: string;
  readonly columns: readonly Column[];
  readonly keys: readonly ForeignKey[];
  readonly primary: readonly string[];
}

/** Conditions that join the source before the offset to those before it: by foreign keys, by names such as `customer_id`, by same names and types. */
export function joinConditions(document: LanguageDocument, block: Block, offset: number): JoinCondition[] {
  const sources = block.sources.filter(({ start, kind }) => start < offset && kind !== 'excluded');
  const last = sources.at(-1);
  if (!last) return [];
  const joined = side(document, block, last);
  const found: JoinCondition[] = [];
  const add = (a: Side, b: Side, pairs: readonly (readonly [string, string])[], detail: string, rank: number) => {
    const text = pairs.map(([left, right]) => `${columnText(a, left)} = ${columnText(b, right)}`).join(' and ');
    const known = found.some((condition) => condition.text === text || pairs.length === 0);
    if (!known && pairs.every(([left, right]) => has(a, left) && has(b, right))) found.push({ text, detail, rank });
  };
  for (const source of sources.slice(0, -1).reverse()) {
    const other = side(document, block, source);
    const ways: readonly (readonly [Side, Side])[] = [
      [other, joined],
      [joined, other],
    ];
    for (const [from, to] of ways) {
      for (const key of from.keys) {
        if (!sameName(key.table, to.table)) continue;
        const referenced = key.referenced.length > 0 ? key.referenced : to.primary;
        const pairs = key.columns.map((column, index): readonly [string, string] => [column, referenced[index] ?? column]);
        if (from === other) add(from, to, pairs, 'foreign key', 0);
        else
          add(
            to,
            from,
            pairs.map(([a, b]) => [b, a] as const),
            'foreign key',
            0,
          );
      }
    }
    if (found.some(({ rank }) => rank === 0)) continue;
    for (const [from, to] of ways) {
      for (const { name } of from.columns) {
        const key = to.columns.find((column) => namesKeyOf(name, to.table, column.name));
        // A table joined with itself: what refers to a key of its own kind, such as `manager_id`.
        const own =
          sameName(from.table, to.table) && /_id$|[a-z]Id$/.test(name)
            ? to.columns.find((column) => sameName(column.name, 'id'))
            : undefined;
        if (own) add(other, joined, [from === other ? [name, own.name] : [own.name, name]], 'the same table by its key', 1);
        if (key && from === other) add(other, joined, [[name, key.name]], 'by name', 2);
        else if (key) add(other, joined, [[key.name, name]], 'by name', 2);
      }
    }
    for (const column of other.columns) {
      const same = joined.columns.find(({ name, type }) => sameName(name, column.name) && type === column.type);
      if (same) add(other, joined, [[column.name, same.name]], 'same name and type', sameName(column.name, 'id') ? 6 : 4);
    }
  }
  return found;
}

/** `customer_id` and `customerId` name the `id` of `customers`. */
function namesKeyOf(column: string, table: string, key: string): boolean {
  const singular = table.toLowerCase().replace(/ies$/, 'y').replace(/s$/, '');
  const plain = column.toLowerCase().replaceAll('_', '');
  return (
    sameName(key, 'id') &&
    plain !== 'id' &&
    (plain === `${singular.replaceAll('_', '')}id` || plain === `${table.toLowerCase().replaceAll('_', '')}id`)
  );
}

function side(document: LanguageDocument, block: Block, source: Source): Side {
  const columns = document.resolver.sourceColumns(source, block) ?? [];
  const meaning = document.resolver.relationMeaning(source, block.query);
  const table = source.parts.at(-1)?.text ?? sourceName(source) ?? '';
  if (meaning?.kind === 'created') {
    const { foreignKeys, columns: created } = meaning.created;
    const keys = foreignKeys.map((key) => ({ columns: key.columns, table: key.table.at(-1) ?? '', referenced: key.referenced }));
    return { source, table, columns, keys, primary: created.filter(({ primaryKey }) => primaryKey).map(({ name }) => name.text) };
  }
  const known =
    meaning?.kind === 'relation'
      ? document.catalog.tablesByName.get(meaning.relation.name.toLowerCase())?.find((candidate) => candidate === meaning.relation)
      : undefined;
  return { source, table, columns, keys: known?.foreignKeys ?? [], primary: known?.primaryKey ?? [] };
}

function has({ columns }: Side, wanted: string): boolean {
  return columns.some(({ name }) => sameName(name, wanted));
}

function columnText({ source }: Side, column: string): string {
  return `${quoteName(sourceName(source) ?? '')}.${quoteName(column)}`;
}
