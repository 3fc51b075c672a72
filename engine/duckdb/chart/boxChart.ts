import type { ChartAnswer, ChartAxis, ChartSpec } from '../../types.ts';
import { formatted, leftOutNotes, rowsText } from './chartNotes.ts';
import { type ChartSource, columnAt, MAX_FACETS, optionalColumn } from './chartSource.ts';
import { type GroupKey, groupRows, indexedSource } from './groupRows.ts';
import { axisOf, type PlacedAxis, placeAxis, span } from './placeAxis.ts';

const MAX_BOXES = 30;
/** Values beyond the whiskers that are drawn on either side of a box: the furthest. */
const MAX_OUTLIERS = 10;
const MAX_EXACT_ROWS = 1_000_000;

/** Boxes as Tukey drew them: the quartiles, whiskers to the furthest values within 1.5 times the box's height, and what lies beyond. */
export async function boxChart(source: ChartSource, spec: ChartSpec): Promise<ChartAnswer> {
  const y = columnAt(source, spec.y?.[0] ?? 0);
  const x = optionalColumn(source, spec.x);
  const facet = optionalColumn(source, spec.facet);
  const wish = { spec, maxPlaces: MAX_BOXES, maxNumbers: 0, bins: MAX_BOXES, maxDiscrete: MAX_BOXES, share: 1 };
  const placed: PlacedAxis | undefined = x && (await placeAxis(source, x, wish));
  if (placed?.empty !== undefined) return { kind: 'refused', reason: placed.empty };
  const facetKey: GroupKey | undefined = facet && { column: facet, sql: facet.key, isCategory: true, limit: MAX_FACETS, rank: 'rows' };
  const keys = [...(facetKey ? [facetKey] : []), ...(placed ? [{ ...placed.key, rank: 'rows' as const }] : [])];
  const groups = await groupRows(source, keys, []);
  const [counts = []] = await source.query(`select count(*), count(${y.name}), count(${y.number}) from ${source.from}`);
  const [rows = 0, values = 0, drawn = 0] = counts.map(Number);
  if (drawn === 0) {
    const reason = rows === 0 ? 'The result has no rows' : `${y.title} has no finite number`;
    return { kind: 'refused', reason: `${reason}: there is nothing to draw.` };
  }
  const isExact = drawn <= MAX_EXACT_ROWS;
  const boxes = await source.query(...boxQuery(source, keys, groups.labels, y.number, isExact));
  const outliers = boxes.reduce((sum, row) => sum + Number(row[keys.length + 5]), 0);
  const shown: (number | string | null)[][] = [];
  for (const row of boxes) {
    const places = keys.map((_, index) => Number(row[index]));
    const head = [...(facet ? [places[0] ?? 0] : []), ...(placed ? span(placed, places.at(-1) ?? 0) : [0, 0])];
    const numbers = row.slice(keys.length, keys.length + 5).map(Number);
    shown.push([...head, ...numbers, null]);
    for (const value of furthest(row.slice(keys.length + 6))) shown.push([...head, null, null, null, null, null, value]);
  }
  const drawnOutliers = shown.length - boxes.length;
  const labelled = (key: GroupKey) => groups.labels[keys.findIndex(({ column }) => column === key.column)];
  const xAxis: ChartAxis = placed
    ? axisOf(placed, labelled(placed.key))
    : { title: '', kind: 'category', labels: [y.title], hasOther: false };
  return {
    kind: 'drawn',
    mark: 'box',
    axes: {
      x: xAxis,
      y: { title: y.title, kind: 'number' },
      ...(facetKey && {
        facet: axisOf({ key: facetKey, unit: undefined, step: undefined, notes: [], empty: undefined }, labelled(facetKey)),
      }),
    },
    fields: [...(facet ? (['facet'] as const) : []), 'x', 'x2', 'low', 'q1', 'median', 'q3', 'high', 'y'],
    rows: shown,
    notes: [
      ...(placed?.notes ?? []),
      ...leftOutNotes(y, { rows, values, placed: drawn }),
      ...keys.flatMap((key) => {
        const labels = labelled(key);
        if (!labels?.hasOther) return [];
        return [
          `${formatted(labels.keys.length)} of ${formatted(labels.total)} values of ${key.column.title} have boxes, the others one together.`,
        ];
      }),
      ...(drawnOutliers < outliers
        ? [`${formatted(drawnOutliers)} of ${rowsText(outliers)} beyond the whiskers are drawn: the furthest.`]
        : []),
      ...(isExact ? [] : ['Quartiles are estimated (t-digest).']),
    ],
    rowCount: source.rowCount,
  };
}

function boxQuery(
  source: ChartSource,
  keys: readonly GroupKey[],
  labels: Parameters<typeof indexedSource>[2],
  number: string,
  isExact: boolean,
): Parameters<ChartSource['query']> {
  const { from, list, params } = indexedSource(source.from, keys, labels);
  const names = keys.map((_, index) => `k${index}`);
  const select = (parts: readonly string[]) => [...names, ...parts].join(', ');
  const quantile = isExact ? 'quantile_cont' : 'approx_quantile';
  const points = `select ${[...list, `${number} as y`].join(', ')} from ${from}`;
  const group = names.length > 0 ? `group by ${names.join(', ')}` : '';
  const join =
    names.length > 0 ? `join q on ${names.map((name) => `points.${name} is not distinct from q.${name}`).join(' and ')}` : 'cross join q';
  const places = names.map((name) => `points.${name} as ${name}`);
  const inside = 'y between q1 - 1.5 * (q3 - q1) and q3 + 1.5 * (q3 - q1)';
  const sql =
    `with points as (select * from (${points}) where ${['y is not null', ...names.map((name) => `${name} is not null`)].join(' and ')}), ` +
    `q as (select ${select([`${quantile}(y, [0.25, 0.5, 0.75]) as q`, 'q[1] as q1', 'q[2] as q2', 'q[3] as q3'])} from points ${group}), ` +
    `marked as (select ${[...places, 'y', 'q1', 'q2', 'q3', `${inside} as inside`].join(', ')} from points ${join}) ` +
    `select ${select([
      'min(y) filter (inside)',
      'any_value(q1)',
      'any_value(q2)',
      'any_value(q3)',
      'max(y) filter (inside)',
      'count(*) filter (not inside)',
      `array_to_string(min(y, ${MAX_OUTLIERS}) filter (y < q1 and not inside), ' ')`,
      `array_to_string(max(y, ${MAX_OUTLIERS}) filter (y > q3 and not inside), ' ')`,
    ])} from marked ${group} order by all`;
  return [sql, params];
}

function furthest(lists: readonly unknown[]): number[] {
  return lists.flatMap((list) => (typeof list === 'string' && list !== '' ? list.split(' ').map(Number) : []));
}
