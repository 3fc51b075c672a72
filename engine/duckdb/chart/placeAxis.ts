import type { ChartAxis, ChartSpec, ChartUnit } from '../../types.ts';
import { type ChartColumn, labelText } from './chartColumn.ts';
import { leftOutNotes } from './chartNotes.ts';
import { binStep, stretches, UNITS, unitEnd, unitFor, unitStart } from './chartScale.ts';
import { type ChartSource, MAX_MARKS } from './chartSource.ts';
import type { GroupKey, Groups } from './groupRows.ts';

/** How a column is cut into places to group by. */
export interface PlacedAxis {
  readonly key: GroupKey;
  readonly unit: ChartUnit | undefined;
  /** Of bins of numbers: the key counts them from zero. */
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
}

const CLOCK_UNITS: readonly ChartUnit[] = ['second', 'minute', 'hour'];

export async function placeAxis(source: ChartSource, column: ChartColumn, wish: AxisWish): Promise<PlacedAxis> {
  const { kind, number } = column;
  const { spec } = wish;
  if (kind === 'category') return categories(column, wish.maxPlaces);
  const wantsDistinct = kind === 'number' && wish.maxNumbers > 0 && spec.bins === undefined;
  const facts = await readFacts(source, column, wantsDistinct);
  const notes = leftOutNotes(column, facts);
  if (facts.placed === 0) return { ...numbers(column, number), notes, empty: emptyReason(column, facts) };
  const { low, high } = facts;
  if (kind !== 'number') {
    const units = kind === 'clock' ? CLOCK_UNITS : UNITS;
    const finest = unitFor(low, high, wish.maxPlaces, units);
    const wanted = spec.unit !== undefined && units.includes(spec.unit) ? spec.unit : finest;
    const isDrawn = facts.placed <= MAX_MARKS || stretches(low, high, wanted) <= Math.max(wish.maxPlaces, MAX_MARKS * wish.share);
    const unit = isDrawn ? wanted : finest;
    const coarser = isDrawn ? [] : [`Drawn by ${unit}: there would be too many marks by ${wanted}.`];
    return { ...numbers(column, unitStart(number, unit)), unit, notes: [...notes, ...coarser] };
  }
  const isDiscrete = column.family === 'integer' && high - low < wish.maxDiscrete;
  if (isDiscrete && spec.bins === undefined) return { ...categories(column, wish.maxPlaces), notes };
  if (wantsDistinct && facts.distinct <= wish.maxNumbers) return { ...numbers(column, number), notes };
  const bins = Math.max(1, Math.floor((spec.bins ?? wish.bins) * wish.share));
  const step = binStep(low, high, bins, column.family === 'integer');
  return { ...numbers(column, `floor(${number} / ${step}::double)`), step, notes };
}

function categories(column: ChartColumn, limit: number): PlacedAxis {
  const key: GroupKey = { column, sql: column.key, isCategory: true, limit, rank: 'measure' };
  return { key, unit: undefined, step: undefined, notes: [], empty: undefined };
}

function numbers(column: ChartColumn, sql: string): PlacedAxis {
  const key: GroupKey = { column, sql, isCategory: false, limit: 0, rank: 'measure' };
  return { key, unit: undefined, step: undefined, notes: [], empty: undefined };
}

/** Statistics of DuckDB answer most of it without a scan where the values are stored as they are. */
async function readFacts(source: ChartSource, column: ChartColumn, wantsDistinct: boolean): Promise<AxisFacts> {
  const { name, number, family } = column;
  const plain = family === 'integer' || family === 'decimal';
  const placed = plain ? name : number;
  const distinct = wantsDistinct ? `approx_count_distinct(${name})` : '0';
  const [row = []] = await source.query(
    `select count(*), count(${name}), count(${placed}), min(${placed})::double, max(${placed})::double, ${distinct} from ${source.from}`,
  );
  const [rows = 0, values = 0, places = 0, low = 0, high = 0, estimate = 0] = row.map(Number);
  return { rows, values, placed: places, low, high, distinct: estimate };
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
  if (step !== undefined) return [place * step, (place + 1) * step];
  return unit === undefined ? [place, place] : [place, unitEnd(place, unit)];
}
