import type { DuckDBType } from '@duckdb/node-api';
import { KodiakError } from '../base/errors.ts';
import type { ComparedRows, CompareOrder } from '../result/chunk.ts';
import type { Column, ComparisonSummary } from '../types.ts';
import {
  type ColumnPair,
  type ComparedTable,
  distinctQuery,
  duplicatesQuery,
  isComparable,
  keyedQuery,
  mayBeKey,
  wholeRowsQuery,
} from './comparisonQuery.ts';
import { typeName } from './readValue.ts';
import type { SpoolDatabase, Worker } from './spoolDatabase.ts';
import { storedName } from './storedColumns.ts';

/** Columns that are compared at most: a join over more would not fit into the memory limit. */
const MAX_COLUMNS = 200;
/** Columns that are looked at for a key, and pairs of them. */
const MAX_CANDIDATES = 10;
const MAX_TRIES = 6;
/** An estimate of distinct values may be this far below the number of rows of a column that tells them apart. */
const ESTIMATE = 0.9;

/** A table that a comparison has made, with what is known of its rows. */
export interface MadeComparison extends ComparedRows {
  readonly table: string;
  readonly types: readonly DuckDBType[];
}

type Ask = (sql: string) => Promise<readonly (readonly unknown[])[]>;

/** Compares two stored results. Leaves no table behind but the one that it gives. */
export async function compareTables(
  database: SpoolDatabase,
  worker: Worker,
  left: ComparedTable,
  right: ComparedTable,
  order: CompareOrder,
): Promise<MadeComparison> {
  const ask: Ask = async (sql) => (await worker.run(sql)).getRows();
  const { pairs, ...unpaired } = pairColumns(order.left, order.right, left.types, right.types);
  if (pairs.length === 0) throw new KodiakError('sql', 'The results have no column in common, so that there is nothing to compare.');
  if (pairs.length > MAX_COLUMNS)
    throw new KodiakError('sql', `Results with more than ${MAX_COLUMNS} columns in common cannot be compared.`);
  const names = pairs.map(({ right: index }) => order.right[index]?.name ?? '');
  const key = order.key ? order.key.map((name) => keyIndex(name, names)) : await guessKey(ask, left, right, pairs, names);
  const whole = `memory.main.${database.newName('d')}`;
  const made: string[] = [whole];
  try {
    const sides = await countSides(ask, left, right, pairs, key);
    const values = pairs.map((_, index) => index).filter((index) => !key.includes(index));
    const numbered = sides.duplicates.left + sides.duplicates.right > 0;
    await worker.run(
      key.length === 0
        ? wholeRowsQuery(whole, left, right, pairs, { unchanged: order.unchanged })
        : keyedQuery(whole, left, right, pairs, { key, values }, { numbered, unchanged: order.unchanged }),
    );
    const counts = await countKinds(ask, whole, key.length === 0);
    const changed = key.length === 0 ? values.map(() => 0) : await countChanged(ask, whole, values.length);
    const heads = headsOf(names, key, values, changed);
    const table = `memory.main.${database.newName('d')}`;
    made.push(table);
    await worker.run(
      `create table ${table} as select ${heads.map(({ from }, index) => `${from} as ${storedName(index)}`).join(', ')} from ${whole}`,
    );
    made.pop();
    const types = (await worker.run(`from ${table} limit 0`)).columnTypes();
    const added = counts.get('added') ?? 0;
    const removed = counts.get('removed') ?? 0;
    const different = counts.get('changed') ?? 0;
    return {
      table,
      types,
      columns: heads.map(({ name }, index) => ({ name, type: types[index] ? typeName(types[index]) : 'VARCHAR' })),
      rowCount: Number((await ask(`select count(*) from ${table}`))[0]?.[0]),
      key: key.map((index) => names[index] ?? ''),
      keyIsGuessed: order.key === undefined,
      added,
      removed,
      changed: different,
      unchanged: sides.leftRows - removed - different,
      changedColumns: values.map((pair, index) => ({ name: names[pair] ?? '', changed: changed[index] ?? 0 })),
      duplicateKeys: sides.duplicates,
      ...unpaired,
      cells: cellsOf(heads),
    };
  } finally {
    for (const table of made) database.dropTable(table);
  }
}

/** Columns by their names, the first of a name with the first and so on. */
function pairColumns(
  left: readonly Column[],
  right: readonly Column[],
  leftTypes: readonly DuckDBType[],
  rightTypes: readonly DuckDBType[],
): {
  readonly pairs: readonly ColumnPair[];
  readonly onlyLeft: string[];
  readonly onlyRight: string[];
  readonly otherTypes: ComparisonSummary['otherTypes'];
} {
  const pairs: ColumnPair[] = [];
  const onlyRight: string[] = [];
  const otherTypes: { name: string; left: string; right: string }[] = [];
  const taken = new Set<number>();
  for (const [index, { name, type }] of right.entries()) {
    const found = left.findIndex((other, at) => !taken.has(at) && other.name.toLowerCase() === name.toLowerCase());
    const [a, b] = [leftTypes[found], rightTypes[index]];
    if (found < 0 || !a || !b) {
      onlyRight.push(name);
      continue;
    }
    taken.add(found);
    if (isComparable(a, b)) pairs.push({ left: found, right: index });
    else otherTypes.push({ name, left: left[found]?.type ?? '', right: type });
  }
  return { pairs, onlyLeft: left.filter((_, at) => !taken.has(at)).map(({ name }) => name), onlyRight, otherTypes };
}

function keyIndex(name: string, names: readonly string[]): number {
  const index = names.findIndex((other) => other.toLowerCase() === name.toLowerCase());
  if (index < 0)
    throw new KodiakError('sql', `"${name}" cannot be the key: it is not a column that both results have with comparable types.`);
  return index;
}

/** The first column, or pair of columns, that tells all rows of both results apart; empty when there is none. */
async function guessKey(
  ask: Ask,
  left: ComparedTable,
  right: ComparedTable,
  pairs: readonly ColumnPair[],
  names: readonly string[],
): Promise<number[]> {
  const isId = (index: number) => /(?:^|_)(?:id|key|uuid|code|no|nr)$/i.test(names[index] ?? '');
  const candidates = pairs
    .map((_, index) => index)
    .filter((index) => {
      const type = right.types[pairs[index]?.right ?? -1];
      return type !== undefined && mayBeKey(type);
    })
    .sort((a, b) => Number(isId(b)) - Number(isId(a)) || a - b)
    .slice(0, MAX_CANDIDATES);
  if (candidates.length === 0) return [];
  const columnsOf = (side: 'left' | 'right', key: readonly number[]) => key.map((index) => pairs[index]?.[side] ?? 0);
  const estimates = await Promise.all([
    ask(distinctQuery(left.table, columnsOf('left', candidates))),
    ask(distinctQuery(right.table, columnsOf('right', candidates))),
  ]);
  const mayTellApart = (key: readonly number[]) =>
    estimates.every(([row = []]) => {
      const values = key.reduce((product, index) => product * Number(row[candidates.indexOf(index) + 1]), 1);
      return values >= ESTIMATE * Number(row[0]);
    });
  const couples = candidates.flatMap((a, index) => candidates.slice(index + 1).map((b) => [a, b]));
  const keys = [...candidates.map((index) => [index]), ...couples].filter(mayTellApart).slice(0, MAX_TRIES);
  for (const key of keys) {
    const [inLeft] = await ask(duplicatesQuery(left.table, columnsOf('left', key)));
    if (Number(inLeft?.[0]) > 0) continue;
    const [inRight] = await ask(duplicatesQuery(right.table, columnsOf('right', key)));
    if (Number(inRight?.[0]) === 0) return key;
  }
  return [];
}

async function countSides(
  ask: Ask,
  left: ComparedTable,
  right: ComparedTable,
  pairs: readonly ColumnPair[],
  key: readonly number[],
): Promise<{ readonly leftRows: number; readonly duplicates: { readonly left: number; readonly right: number } }> {
  const count = async (sql: string) => Number((await ask(sql))[0]?.[0]);
  const leftRows = await count(`select count(*) from ${left.table}`);
  if (key.length === 0) return { leftRows, duplicates: { left: 0, right: 0 } };
  return {
    leftRows,
    duplicates: {
      left: await count(
        duplicatesQuery(
          left.table,
          key.map((index) => pairs[index]?.left ?? 0),
        ),
      ),
      right: await count(
        duplicatesQuery(
          right.table,
          key.map((index) => pairs[index]?.right ?? 0),
        ),
      ),
    },
  };
}

async function countKinds(ask: Ask, table: string, isWhole: boolean): Promise<ReadonlyMap<string, number>> {
  const rows = await ask(`select kind, ${isWhole ? 'sum(times)' : 'count(*)'}::double from ${table} group by kind`);
  return new Map(rows.map(([kind, count]) => [String(kind), Number(count)]));
}

async function countChanged(ask: Ask, table: string, count: number): Promise<number[]> {
  if (count === 0) return [];
  const sums = Array.from({ length: count }, (_, index) => `count(*) filter (v${index} is distinct from b${index})`);
  const [row = []] = await ask(`select ${sums.join(', ')} from ${table} where kind = 'changed'`);
  return row.map(Number);
}

interface Head {
  readonly name: string;
  /** Of the table with all columns. */
  readonly from: string;
  /** For a value that has changed somewhere: the next column has the one before. */
  readonly hasBefore: boolean;
}

/** What happened, the key, and the values; those before only of columns in which something changed. */
function headsOf(names: readonly string[], key: readonly number[], values: readonly number[], changed: readonly number[]): Head[] {
  const plain = (name: string, from: string): Head => ({ name, from, hasBefore: false });
  return [
    plain('change', 'kind'),
    ...(key.length === 0 ? [plain('times', 'times')] : []),
    ...key.map((pair, index) => plain(names[pair] ?? '', `k${index}`)),
    ...values.flatMap((pair, index) => {
      const name = names[pair] ?? '';
      const value = { name, from: `v${index}`, hasBefore: (changed[index] ?? 0) > 0 };
      return value.hasBefore ? [value, plain(`${name} (before)`, `b${index}`)] : [value];
    }),
  ];
}

function cellsOf(heads: readonly Head[]): { readonly now: number; readonly before: number }[] {
  return heads.flatMap(({ hasBefore }, index) => (hasBefore ? [{ now: index, before: index + 1 }] : []));
}
