import type { DuckDBValue } from '@duckdb/node-api';
import type { ParameterValue } from '../../types.ts';
import type { ChartColumn } from './chartColumn.ts';
import type { ChartSource } from './chartSource.ts';

/** What rows are grouped by. */
export interface GroupKey {
  readonly column: ChartColumn;
  /** SQL over the stored columns: a category's key, or a number. */
  readonly sql: string;
  readonly isCategory: boolean;
  /** What a number of `sql` stands for; a group that stands for no finite number is left out. Default: itself. */
  readonly decode?: (key: number) => number;
  /** Categories at most: the others are put together. */
  readonly limit: number;
  /** Which categories stay when there are too many, and how texts are ordered: by the first measure, or by how many rows they have. */
  readonly rank: 'measure' | 'rows';
}

/** What is computed of each group. */
export interface Measure {
  /** An aggregate in SQL over the stored columns. */
  readonly sql: string;
  /** Above this the value's text is given as well, because a double may not hold it. */
  readonly exactAbove: number | undefined;
}

export interface GroupRow {
  /** By key: a number, or the index of a category; that of all others is the number of labels. */
  readonly keys: readonly number[];
  readonly values: readonly (number | null)[];
  readonly exact: readonly (string | null)[];
  readonly count: number;
  /** A value is NaN or infinite. */
  readonly isOdd: boolean;
}

export interface KeyLabels {
  /** The texts that the values have in SQL. */
  readonly keys: readonly (string | null)[];
  readonly hasOther: boolean;
  /** Categories in all. */
  readonly total: number;
}

export interface Groups {
  readonly rows: readonly GroupRow[];
  /** By key; undefined for numbers. */
  readonly labels: readonly (KeyLabels | undefined)[];
}

/** Groups that are looked at one by one; of more, the most important categories are asked for first. */
const MAX_GROUPS = 20_000;
/** Up to this many rows a query may have put its groups into an order that means something. */
const MAX_ORDERED_ROWS = 10_000;

interface RawGroup {
  readonly keys: readonly (number | string | null)[];
  /** By key: the place in the type's own order. */
  readonly places: readonly number[];
  readonly values: readonly (number | null)[];
  readonly exact: readonly (string | null)[];
  readonly isOdd: boolean;
  readonly count: number;
  /** Where the first of its rows stands. */
  readonly first: number;
}

/**
 * Groups the rows of a source: one GROUP BY, where no key has more categories than it may. Otherwise a second one puts those together
 * that are left over, so that the value of the others is computed from their rows, too. Numbers that are NULL are left out. There are
 * never more than `MAX_GROUPS` and one rows: then there are more groups than can be drawn.
 */
export async function groupRows(source: ChartSource, keys: readonly GroupKey[], measures: readonly Measure[]): Promise<Groups> {
  const raw = (await source.query(groupQuery(source, keys, measures))).map((row) => readGroup(row, keys, measures));
  const found = raw.length > MAX_GROUPS ? undefined : raw.filter(hasPlace);
  const kept = await Promise.all(
    keys.map(async (key, index) => {
      if (!key.isCategory) return undefined;
      return found ? labelsOf(found, keys, index, source) : await topLabels(source, key, measures[0]);
    }),
  );
  const isWhole = kept.every((labels) => !labels?.hasOther);
  if (found && isWhole) return { rows: found.map((group) => indexed(group, kept)), labels: kept };
  const reduced = reducedQuery(source, keys, kept, measures);
  const rows = (await source.query(reduced.sql, reduced.params)).map((row) => readReduced(row, keys, measures.length)).filter(hasPlace);
  return { rows, labels: kept };
}

/** The query for all groups, and one more than may be looked at. */
function groupQuery(source: ChartSource, keys: readonly GroupKey[], measures: readonly Measure[]): string {
  const ordered = source.rowCount <= MAX_ORDERED_ROWS;
  const keyList = keys.map(({ isCategory }, index) =>
    isCategory ? `k${index}::varchar, dense_rank() over (order by k${index} nulls last)` : `k${index}::double, 0`,
  );
  const names = keys.map((_, index) => `k${index}`);
  const inner = [
    ...keys.map(({ sql }, index) => `${sql} as k${index}`),
    ...measures.map(({ sql }, index) => `${sql} as a${index}`),
    'count(*) as n',
    `${ordered ? `min(${source.position})` : '0'} as f`,
  ];
  const having = keys.flatMap(({ isCategory }, index) => (isCategory ? [] : [`k${index} is not null`]));
  return (
    `select ${[...keyList, ...measureList(measures), 'n', 'f'].join(', ')} from (select ${inner.join(', ')} from ${source.from} ` +
    `${names.length > 0 ? `group by ${names.join(', ')}` : ''} ${having.length > 0 ? `having ${having.join(' and ')}` : ''} limit ${MAX_GROUPS + 1})`
  );
}

/** The query for the kept categories, with all others as one more. */
function reducedQuery(
  source: ChartSource,
  keys: readonly GroupKey[],
  kept: readonly (KeyLabels | undefined)[],
  measures: readonly Measure[],
): { readonly sql: string; readonly params: readonly ParameterValue[] } {
  const { from, list, params } = indexedSource(source.from, keys, kept);
  const names = keys.map((_, index) => `k${index}`);
  const numbers = keys.map((_, index) => `k${index}::double`);
  const inner = [...list, ...measures.map(({ sql }, index) => `${sql} as a${index}`), 'count(*) as n'];
  const having = keys.flatMap(({ isCategory }, index) => (isCategory ? [] : [`k${index} is not null`]));
  const sql =
    `select ${[...numbers, ...measureList(measures), 'n'].join(', ')} from (select ${inner.join(', ')} from ${from} ` +
    `group by ${names.join(', ')} ${having.length > 0 ? `having ${having.join(' and ')}` : ''} limit ${MAX_GROUPS + 1})`;
  return { sql, params };
}

/** Rows with the index of each category beside them: what stands behind FROM, and the select list of keys `k0`, `k1` … */
export function indexedSource(
  from: string,
  keys: readonly GroupKey[],
  kept: readonly (KeyLabels | undefined)[],
): { readonly from: string; readonly list: readonly string[]; readonly params: readonly ParameterValue[] } {
  const params: ParameterValue[] = [];
  const joins: string[] = [];
  const list = keys.map(({ sql, isCategory }, index) => {
    const labels = kept[index];
    if (!isCategory || !labels) return `${sql} as k${index}`;
    const rows = labels.keys.map((key, place) => {
      params.push(key);
      return `($${params.length}::varchar, ${place})`;
    });
    if (rows.length === 0) return `0 as k${index}`;
    joins.push(`left join (values ${rows.join(', ')}) t${index}(label, place) on (${sql})::varchar is not distinct from t${index}.label`);
    return `coalesce(t${index}.place, ${labels.keys.length}) as k${index}`;
  });
  return { from: [`${from} s`, ...joins].join(' '), list, params };
}

/** The categories of a key in the order in which they are drawn, when all groups are here. */
function labelsOf(groups: readonly RawGroup[], keys: readonly GroupKey[], index: number, source: ChartSource): KeyLabels {
  const key = keys[index];
  const seen = new Map<string | null, { place: number; first: number; weight: number; times: number }>();
  for (const { keys: values, places, values: measures, count, first } of groups) {
    const value = values[index] as string | null;
    const entry = seen.get(value) ?? { place: places[index] ?? 0, first, weight: 0, times: 0 };
    entry.first = Math.min(entry.first, first);
    entry.weight += key?.rank === 'measure' ? Math.abs(measures[0] ?? count) : count;
    entry.times += count;
    seen.set(value, entry);
  }
  const limit = key?.limit ?? seen.size;
  const entries = [...seen];
  const byWeight = () => entries.sort(([, a], [, b]) => b.weight - a.weight || a.place - b.place);
  if (entries.length > limit) {
    const kept = byWeight().slice(0, limit);
    // The others must not stand between: what has an order of its own keeps it among those that stay.
    if (hasOwnOrder(key)) kept.sort(([, a], [, b]) => a.place - b.place);
    return { keys: kept.map(([value]) => value), hasOther: true, total: entries.length };
  }
  const isQueryOrder = source.rowCount <= MAX_ORDERED_ROWS && groups.every(({ count }) => count === 1);
  if (hasOwnOrder(key) || (key?.rank === 'rows' && !isQueryOrder)) entries.sort(([, a], [, b]) => a.place - b.place);
  else if (isQueryOrder) entries.sort(([, a], [, b]) => a.first - b.first);
  else byWeight();
  return { keys: entries.map(([value]) => value), hasOther: false, total: entries.length };
}

/** Texts have an alphabet, which says nothing; enums, numbers and times mean their order. */
function hasOwnOrder(key: GroupKey | undefined): boolean {
  return key !== undefined && key.column.family !== 'text' && key.column.family !== 'nested';
}

/** The most important categories of a key that has very many. */
async function topLabels(source: ChartSource, key: GroupKey, measure: Measure | undefined): Promise<KeyLabels> {
  const weight = key.rank === 'measure' && measure ? `abs(${measure.sql})` : 'count(*)';
  const rows = await source.query(
    `select k::varchar, count(*) over () from (select ${key.sql} as k, ${weight} as w from ${source.from} group by k) ` +
      `order by w desc nulls last, k limit ${key.limit}`,
  );
  const total = Number(rows[0]?.[1] ?? 0);
  return { keys: rows.map(([value = null]) => value as string | null), hasOther: total > rows.length, total };
}

function measureList(measures: readonly Measure[]): string[] {
  return measures.flatMap(({ exactAbove }, index) => {
    const exact =
      exactAbove === undefined
        ? 'null::varchar'
        : `case when a${index} not between -${exactAbove} and ${exactAbove} then a${index}::varchar end`;
    return [`a${index}::double`, exact];
  });
}

function readGroup(row: readonly DuckDBValue[], keys: readonly GroupKey[], measures: readonly Measure[]): RawGroup {
  const after = 2 * keys.length;
  const end = after + 2 * measures.length;
  return {
    keys: keys.map((key, index) => (key.isCategory ? (row[2 * index] as string | null) : decoded(key, row[2 * index]))),
    places: keys.map((_, index) => Number(row[2 * index + 1])),
    ...readMeasures(row, after, measures.length),
    count: Number(row[end]),
    first: Number(row[end + 1]),
  };
}

function readReduced(row: readonly DuckDBValue[], keys: readonly GroupKey[], measureCount: number): GroupRow {
  return {
    keys: keys.map((key, index) => (key.isCategory ? Number(row[index]) : decoded(key, row[index]))),
    ...readMeasures(row, keys.length, measureCount),
    count: Number(row[keys.length + 2 * measureCount]),
  };
}

function decoded(key: GroupKey, value: DuckDBValue | undefined): number {
  if (typeof value !== 'number') return Number.NaN;
  return key.decode ? key.decode(value) : value;
}

/** NaN stands for what has no place; texts and NULL are categories. */
function hasPlace({ keys }: { readonly keys: readonly (number | string | null)[] }): boolean {
  return keys.every((key) => typeof key !== 'number' || Number.isFinite(key));
}

function readMeasures(row: readonly DuckDBValue[], from: number, count: number): Pick<GroupRow, 'exact' | 'isOdd' | 'values'> {
  const places = Array.from({ length: count }, (_, index) => from + 2 * index);
  return {
    isOdd: places.some((place) => typeof row[place] === 'number' && !Number.isFinite(row[place])),
    values: places.map((place) => finite(row[place])),
    exact: places.map((place) => (row[place + 1] ?? null) as string | null),
  };
}

function finite(value: DuckDBValue | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function indexed(group: RawGroup, kept: readonly (KeyLabels | undefined)[]): GroupRow {
  const { keys, values, exact, isOdd, count } = group;
  return { keys: keys.map((key, index) => place(key, kept[index])), values, exact, isOdd, count };
}

function place(key: number | string | null, labels: KeyLabels | undefined): number {
  return labels ? labels.keys.indexOf(key as string | null) : Number(key);
}
