import type { ChartAnswer, ChartAxis, ChartDrawing, ChartField, ChartSpec, ParameterValue } from '../../types.ts';
import { type ChartColumn, labelText, placedNumber } from './chartColumn.ts';
import { formatted, leftOutNotes, rowsText } from './chartNotes.ts';
import { wholeKey } from './chartScale.ts';
import { type ChartSource, columnAt, MAX_FACETS, MAX_MARKS, MAX_SERIES, optionalColumn } from './chartSource.ts';
import { type GroupKey, type Groups, groupRows, indexedSource } from './groupRows.ts';

/** Each stretch of a line is drawn by its first, last, lowest and highest point. */
const POINTS_PER_STRETCH = 4;
const MIN_STRETCHES = 10;

/** Draws rows as they are: all of them where there are few, else a line's outline or a sample of points. */
export async function rawChart(source: ChartSource, spec: ChartSpec): Promise<ChartAnswer> {
  const x = columnAt(source, spec.x ?? 0);
  const ys = (spec.y ?? []).map((index) => columnAt(source, index));
  const color = optionalColumn(source, spec.color);
  const facet = optionalColumn(source, spec.facet);
  const isScatter = spec.mark === 'scatter';
  const valueColor = isScatter && color?.kind === 'number' ? color : undefined;
  const splits = [
    ...(facet ? [{ field: 'facet' as const, key: splitKey(facet, MAX_FACETS) }] : []),
    ...(color && !valueColor ? [{ field: 'color' as const, key: splitKey(color, MAX_SERIES) }] : []),
  ];
  const groups =
    splits.length > 0
      ? await groupRows(
          source,
          splits.map(({ key }) => key),
          [],
        )
      : { rows: [], labels: [] };
  const rows = new RawRows(source, { x, ys, splits: splits.map(({ key }) => key), groups, valueColor, keepsOther: isScatter });
  const facts = await rows.facts();
  const drawnCount = facts.reduce((sum, { drawn }) => sum + drawn, 0);
  if (drawnCount === 0) return { kind: 'refused', reason: emptyReason(source, x, ys) };
  const series = Math.max(1, groups.rows.length) * Math.max(1, ys.length);
  const points: (readonly (number | string | null)[])[] = [];
  const notes: string[] = facts[0]
    ? [...leftOutNotes(x, { rows: source.rowCount, values: facts[0].xValues, placed: facts[0].xPlaced })]
    : [];
  for (const [index, y] of ys.entries()) {
    const fact = facts[index];
    if (!fact) continue;
    notes.push(...leftOutNotes(y, { rows: fact.xPlaced, values: fact.yValues, placed: fact.drawn }));
    const share = Math.floor(MAX_MARKS / ys.length);
    const read =
      fact.drawn <= share ? rows.all(y) : isScatter ? rows.sample(y, share) : rows.outline(y, fact, Math.floor(MAX_MARKS / series));
    const found = await read;
    for (const row of found) points.push(ys.length > 1 ? withSeries(row, splits.length, index) : row);
    if (!isScatter && fact.drawn <= share) notes.push(...sharedNotes(found, splits.length, x));
    if (fact.drawn > share) notes.push(reducedNote(isScatter, found.length, fact.drawn, y, ys.length > 1));
  }
  for (const { key } of splits) notes.push(...otherNotes(groups, splits.map((split) => split.key).indexOf(key), key, isScatter));
  const labelled = (key: GroupKey): ChartAxis => {
    const labels = groups.labels[splits.findIndex((split) => split.key === key)];
    return {
      title: key.column.title,
      kind: 'category',
      labels: labels?.keys.map(labelText) ?? [],
      hasOther: isScatter && labels?.hasOther === true,
    };
  };
  const fields: readonly ChartField[] = [
    ...splits.map(({ field }) => field),
    ...(ys.length > 1 ? (['color'] as const) : []),
    'x',
    'y',
    ...(valueColor ? (['value'] as const) : []),
  ];
  const axes: ChartDrawing['axes'] = {
    x: { title: x.title, kind: x.kind },
    y: { title: ys.map(({ title }) => title).join(', '), kind: ys[0]?.kind ?? 'number' },
    ...Object.fromEntries(splits.map(({ field, key }) => [field, labelled(key)])),
    ...(ys.length > 1 && { color: { title: '', kind: 'category', labels: ys.map(({ title }) => labelText(title)), hasOther: false } }),
    ...(valueColor && { value: { title: valueColor.title, kind: 'number' } }),
  };
  return { kind: 'drawn', mark: spec.mark, axes, fields, rows: points, notes: [...new Set(notes)], rowCount: source.rowCount };
}

function splitKey(column: ChartColumn, limit: number): GroupKey {
  return { column, sql: column.key, isCategory: true, limit, rank: 'rows' };
}

function withSeries(row: readonly (number | string | null)[], at: number, series: number): (number | string | null)[] {
  return [...row.slice(0, at), series, ...row.slice(at)];
}

function reducedNote(isScatter: boolean, shown: number, all: number, y: ChartColumn, several: boolean): string {
  const what = several ? ` of ${y.title}` : '';
  if (isScatter) return `Sample of ${formatted(shown)} of ${formatted(all)} points${what}.`;
  return `${rowsText(all)}${what} are drawn by ${formatted(shown)} points: the first, last, lowest and highest of each stretch of the line.`;
}

function otherNotes(groups: Groups, index: number, key: GroupKey, keepsOther: boolean): string[] {
  const labels = groups.labels[index];
  if (!labels?.hasOther) return [];
  const [shown, all] = [labels.keys.length, labels.total];
  const rest = keepsOther ? `the other ${formatted(all - shown)} as one` : `the other ${formatted(all - shown)} are left out`;
  return [`${formatted(shown)} of ${formatted(all)} values of ${key.column.title} are shown by themselves, ${rest}.`];
}

/** A line that goes up and down at one place looks like a mistake of its values. */
function sharedNotes(rows: readonly RawRow[], seriesKeys: number, { title }: ChartColumn): string[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const place = row.slice(0, seriesKeys + 1).join();
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const most = Math.max(...counts.values());
  return most < 2
    ? []
    : [`Up to ${rowsText(most)} share one value of ${title}: an aggregate, such as their average, draws one point for them.`];
}

function emptyReason({ rowCount }: ChartSource, x: ChartColumn, ys: readonly ChartColumn[]): string {
  if (rowCount === 0) return 'The result has no rows: there is nothing to draw.';
  const names = [x, ...ys].map(({ title }) => title).join(' and ');
  return `No row has a value that can be drawn in ${names}: they are NULL, NaN or infinite. Choose other columns.`;
}

interface RawParts {
  readonly x: ChartColumn;
  readonly ys: readonly ChartColumn[];
  readonly splits: readonly GroupKey[];
  readonly groups: Groups;
  readonly valueColor: ChartColumn | undefined;
  /** Categories beyond those that have a place of their own are drawn together. */
  readonly keepsOther: boolean;
}

interface RawFacts {
  readonly xValues: number;
  readonly xPlaced: number;
  readonly yValues: number;
  readonly drawn: number;
  readonly low: number;
  readonly high: number;
}

type RawRow = readonly (number | string | null)[];

/** Reads the points of a chart of single rows. */
class RawRows {
  readonly #source: ChartSource;
  readonly #parts: RawParts;
  readonly #from: string;
  readonly #keys: readonly string[];
  readonly #params: readonly ParameterValue[];
  /** All values of x and y have a place on their axes. */
  #isPlaced = false;

  constructor(source: ChartSource, parts: RawParts) {
    this.#source = source;
    this.#parts = parts;
    const { from, list, params } = indexedSource(source.from, parts.splits, parts.groups.labels);
    this.#from = from;
    this.#keys = list;
    this.#params = params;
  }

  /** By column of y. */
  async facts(): Promise<RawFacts[]> {
    const { x, ys } = this.#parts;
    const columns = [x, ...ys];
    const ends = columns.flatMap(({ family }, index) => [placedNumber(`low${index}`, family), placedNumber(`high${index}`, family)]);
    const list = columns.flatMap(({ name }, index) => [
      `min(${name}) low${index}`,
      `max(${name}) high${index}`,
      `count(${name}) v${index}`,
    ]);
    const both = ys.map(({ name }, index) => `count(*) filter (${x.name} is not null and ${name} is not null) b${index}`);
    const counts = [...columns.map((_, index) => `v${index}`), ...ys.map((_, index) => `b${index}`)];
    const [row = []] = await this.#source.query(
      `select ${[...counts, ...ends].join(', ')} from (select ${[...list, ...both].join(', ')} from ${this.#source.from})`,
    );
    const [xValues = 0, ...rest] = row.map(Number);
    const at = columns.length + ys.length;
    this.#isPlaced = columns.every(
      (_, index) => Number(row[index]) === 0 || (row[at + 2 * index] !== null && row[at + 2 * index + 1] !== null),
    );
    if (!this.#isPlaced) return await this.#guardedFacts();
    const [low = 0, high = 0] = row.slice(at, at + 2).map(Number);
    return ys.map((_, index) => {
      const drawn = rest[ys.length + index] ?? 0;
      return { xValues, xPlaced: xValues, yValues: drawn, drawn, low, high };
    });
  }

  /** With NaN, infinities or times beyond all axes each value is looked at. */
  async #guardedFacts(): Promise<RawFacts[]> {
    const { x, ys } = this.#parts;
    const list = ys.flatMap(({ name, number }) => [
      `count(${name}) filter (px is not null)`,
      `count(${number}) filter (px is not null)`,
      `min(px) filter (${number} is not null)`,
      `max(px) filter (${number} is not null)`,
    ]);
    const sql = `select count(${x.name}), count(px), ${list.join(', ')} from (select *, ${x.number} as px from ${this.#source.from})`;
    const [row = []] = await this.#source.query(sql);
    const [xValues = 0, xPlaced = 0, ...rest] = row.map(Number);
    return ys.map((_, index) => {
      const [yValues = 0, drawn = 0, low = 0, high = 0] = rest.slice(4 * index, 4 * index + 4);
      return { xValues, xPlaced, yValues, drawn, low, high };
    });
  }

  async all(y: ChartColumn): Promise<RawRow[]> {
    const isLine = !this.#parts.keepsOther;
    return await this.#read(`select * exclude (p) from ${this.#points(y)} order by ${isLine ? 'x, p' : 'p'}`);
  }

  /** Any points with the same chance, the same ones each time, however many threads there are: DuckDB's own samples differ then. */
  async sample(y: ChartColumn, size: number): Promise<RawRow[]> {
    return await this.#read(`select * exclude (p) from ${this.#points(y)} order by hash(p), p limit ${size}`);
  }

  /**
   * The M4 reduction (Jugel and others, "M4: A Visualization-Oriented Time Series Data Aggregation", 2014): of each stretch of x its
   * first, last, lowest and highest point, which draw the same line as all of them where a stretch is no wider than a pixel. Of several
   * points with the same x the first may be any.
   */
  async outline(y: ChartColumn, { low, high }: RawFacts, marks: number): Promise<RawRow[]> {
    const { x, splits } = this.#parts;
    const keys = splits.map((_, index) => `k${index}`);
    const stretches = Math.max(MIN_STRETCHES, Math.floor(marks / POINTS_PER_STRETCH));
    // Divided before it is subtracted, as the range may be wider than a double.
    const width = high / stretches - low / stretches;
    const perUnit = x.ticks?.perUnit ?? 1;
    // Whole numbers are what DuckDB groups by fastest.
    const whole = this.#isPlaced ? wholeKey(x.ticks && { sql: 'x', perUnit }, low, Math.ceil(width * perUnit) / perUnit, high) : undefined;
    const ticks = whole === undefined ? undefined : x.ticks;
    const stretch = whole ?? (width > 0 ? `(x / ${width}::double - ${low / width}::double)::bigint` : '0');
    const values = ['min(x)', 'arg_min(y, x)', 'max(x)', 'arg_max(y, x)', 'arg_min(x, y)', 'min(y)', 'arg_max(x, y)', 'max(y)'];
    const rows = await this.#source.query(
      `select ${[...keys, ...values.map((value) => `${value}::double`)].join(', ')} from ${this.#points(y, ticks?.sql)} ` +
        `group by ${[...keys, stretch].join(', ')}`,
      this.#params,
    );
    const scale = ticks ? 1 / perUnit : 1;
    const points = rows.flatMap((row) => {
      const series = row.slice(0, keys.length).map(Number);
      const pairs = Array.from({ length: 4 }, (_, index) => row.slice(keys.length + 2 * index, keys.length + 2 * index + 2).map(Number));
      const unique = new Map(pairs.map((pair) => [pair.join(), pair]));
      return [...unique.values()].map(([place = 0, value = 0]) => [...series, place * scale, value]);
    });
    return points.sort((a, b) => (a[keys.length] ?? 0) - (b[keys.length] ?? 0));
  }

  async #read(sql: string): Promise<RawRow[]> {
    return (await this.#source.query(sql, this.#params)).map((row) => row.map((value) => (value === null ? null : Number(value))));
  }

  /** All points that have a place: their series, `x`, `y` and `p`, where they stand. */
  #points(y: ChartColumn, xSql?: string): string {
    const { x, splits, valueColor, keepsOther, groups } = this.#parts;
    const list = [
      ...this.#keys,
      `${xSql ?? (this.#isPlaced ? x.plain : x.number)} as x`,
      `${this.#isPlaced ? y.plain : y.number} as y`,
      ...(valueColor ? [`${valueColor.number} as v`] : []),
      `${this.#source.position === 'rowid' ? 's.rowid' : 's.p'} as p`,
    ];
    const kept = splits.flatMap((_, index) => {
      const labels = groups.labels[index];
      return keepsOther || !labels?.hasOther ? [] : [`k${index} < ${labels.keys.length}`];
    });
    const where = ['x is not null', 'y is not null', ...kept];
    return `(select * from (select ${list.join(', ')} from ${this.#from}) where ${where.join(' and ')})`;
  }
}
