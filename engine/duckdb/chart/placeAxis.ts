import type { ChartAxis, ChartSpec, ChartUnit } from '../../types.ts';
import { type ChartColumn, labelText, placedNumber } from './chartColumn.ts';
import { leftOutNotes } from './chartNotes.ts';
import { binStep, stretches, UNITS, unitEnd, unitFor, unitKey, wholeKey } from './chartScale.ts';
import { type ChartSource, MAX_MARKS } from './chartSource.ts';
import type { GroupKey, Groups } from './groupRows.ts';

/** How a column is cut into places to group by. */
export interface PlacedAxis {
  readonly key: GroupKey;
  readonly unit: ChartUnit | undefined;
  /** Of bins of numbers: how wide they are. */
  readonly step: number | undefined;
  readonly notes: readonly string[];
  /** Why the axis is empty. */
  readonly empty: string | undefined;
}

export interface AxisWish {
  readonly spec: ChartSpec;
  /** Places at most; of categories, with all others as one more. */
  readonly maxPlaces: number;
  /** Numbers stand for themselves if there are no more of them, and are put into bins otherwise. */
  readonly maxNumbers: number;
  /** Bins of numbers where the spec does not say. */
  readonly bins: number;
  /** Whole numbers of a range up to this are categories: years, stars, weekdays. */
  readonly maxDiscrete: number;
  /** 1, or the part of bins and stretches that there may be because there were too many. */
  readonly share: number;
}

interface AxisFacts {
  readonly rows: number;
  readonly values: number;
  readonly placed: number;
  readonly low: number;
  readonly high: number;
  readonly distinct: number;
  /** SQL of the value as a number, as simple as the values allow. */
  readonly number: string;
  /** All values have a place. */
  readonly isPlaced: boolean;
}

const CLOCK_UNITS: readonly ChartUnit[] = ['second', 'minute', 'hour'];

export async function placeAxis(source: ChartSource, column: ChartColumn, wish: AxisWish): Promise<PlacedAxis> {
  const { kind } = column;
  const { spec } = wish;
  if (kind === 'category') return categories(column, wish.maxPlaces);
  const wantsDistinct = kind === 'number' && wish.maxNumbers > 0 && spec.bins === undefined;
  const facts = await readFacts(source, column, wantsDistinct);
  const notes = leftOutNotes(column, facts);
  const { low, high, number } = facts;
  if (facts.placed === 0) return { ...numbers(column, number), notes, empty: emptyReason(column, facts) };
  if (kind !== 'number') {
    const units = kind === 'clock' ? CLOCK_UNITS : UNITS;
    const finest = unitFor(low, high, wish.maxPlaces, units);
    const wanted = spec.unit !== undefined && units.includes(spec.unit) ? spec.unit : finest;
    const isDrawn = facts.placed <= MAX_MARKS || stretches(low, high, wanted) <= Math.max(wish.maxPlaces, MAX_MARKS * wish.share);
    const unit = isDrawn ? wanted : finest;
    const coarser = isDrawn ? [] : [`Drawn by ${unit}: there would be too many marks by ${wanted}.`];
    const ticks = facts.isPlaced ? column.ticks : undefined;
    const { sql, decode } = unitKey({ moment: column.moment, ms: number, ticks }, low, high, unit);
    return { ...numbers(column, sql, decode), unit, notes: [...notes, ...coarser] };
  }
  const isDiscrete = column.family === 'integer' && high - low < wish.maxDiscrete;
  if (isDiscrete && spec.bins === undefined) return { ...categories(column, wish.maxPlaces), notes };
  if (wantsDistinct && facts.distinct <= wish.maxNumbers) return { ...numbers(column, column.name), notes };
  const bins = Math.max(1, Math.floor((spec.bins ?? wish.bins) * wish.share));
  const step = binStep(low, high, bins, column.family === 'integer');
  // Counted from the first: whole numbers are what DuckDB groups by fastest.
  const first = Math.floor(low / step);
  const decode = (key: number) => inRange((key + first) * step);
  const sql = wholeKey(column.ticks, first * step, step, high) ?? `floor(${number} / ${step}::double - ${first}::double)::bigint`;
  return { ...numbers(column, sql, decode), step, notes };
}

function categories(column: ChartColumn, limit: number): PlacedAxis {
  const key: GroupKey = { column, sql: column.key, isCategory: true, limit, rank: 'measure' };
  return { key, unit: undefined, step: undefined, notes: [], empty: undefined };
}

function numbers(column: ChartColumn, sql: string, decode?: (key: number) => number): PlacedAxis {
  const key: GroupKey = { column, sql, isCategory: false, limit: 0, rank: 'measure', ...(decode && { decode }) };
  return { key, unit: undefined, step: undefined, notes: [], empty: undefined };
}

/** The ends tell whether all values have a place: NaN is the greatest number to DuckDB, and infinities are at the ends. */
async function readFacts(source: ChartSource, column: ChartColumn, wantsDistinct: boolean): Promise<AxisFacts> {
  const { name, plain, family } = column;
  const distinct = wantsDistinct ? `approx_count_distinct(${name})` : '0';
  const ends = `${placedNumber('low', family)}, ${placedNumber('high', family)}`;
  const [row = []] = await source.query(
    `select n, v, ${ends}, d from (select count(*) n, count(${name}) v, min(${name}) low, max(${name}) high, ${distinct} d from ${source.from})`,
  );
  const [rows = 0, values = 0, low = 0, high = 0, estimate = 0] = row.map(Number);
  const isPlaced = row[2] !== null && row[3] !== null;
  if (isPlaced || values === 0) return { rows, values, placed: values, low, high, distinct: estimate, number: plain, isPlaced };
  const { number } = column;
  const [guarded = []] = await source.query(`select count(${number}), min(${number}), max(${number}) from ${source.from}`);
  const [placed = 0, least = 0, most = 0] = guarded.map(Number);
  return { rows, values, placed, low: least, high: most, distinct: estimate, number, isPlaced };
}

function emptyReason({ title, kind }: ChartColumn, { rows, values }: AxisFacts): string {
  if (rows === 0) return 'The result has no rows: there is nothing to draw.';
  if (values === 0) return `Every value of ${title} is NULL: there is nothing to draw. Choose another column.`;
  return `${title} has only ${kind === 'number' ? 'NaN and infinity' : 'times that no axis can show'}: there is nothing to draw. Choose another column.`;
}

/** The axis that was cut, as it is drawn. */
export function axisOf({ key, unit }: PlacedAxis, labels: Groups['labels'][number]): ChartAxis {
  const { title, kind } = key.column;
  if (labels) return { title, kind: 'category', labels: labels.keys.map(labelText), hasOther: labels.hasOther };
  return { title, kind, ...(unit && { unit }) };
}

/** Where a place begins and ends on its axis; both the same for a number or a category that stands for itself. */
export function span({ step, unit }: PlacedAxis, place: number): readonly [number, number] {
  if (step !== undefined) return [place, inRange(place + step)];
  return unit === undefined ? [place, place] : [place, unitEnd(place, unit)];
}

/** The edges of bins over the whole range of DOUBLE lie beyond it. */
function inRange(edge: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, edge));
}
