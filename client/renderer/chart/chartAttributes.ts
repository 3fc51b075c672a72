import {
  CHART_AGGREGATES,
  CHART_MARKS,
  CHART_UNITS,
  type ChartAttributes,
  MAX_CHART_COLUMNS,
  type WireChartSpec,
} from '../../../server/protocol/chart.ts';
import type { WireColumn } from '../../../server/protocol/values.ts';

/** A chart read from a cell's attributes, and what of them this result does not have. */
export interface ReadChart {
  readonly spec: WireChartSpec;
  readonly problems: readonly string[];
}

/** `#2` names a column by its place: one without a name, or behind another of the same name. */
const PLACE = /^#(\d+)$/;

/** The chart as attributes. What is left to Kodiak is left out. */
export function chartAttributes(
  { mark, x, y = [], color, facet, aggregate, unit, bins }: WireChartSpec,
  columns: readonly WireColumn[],
): ChartAttributes {
  const name = (index: number) => columnName(columns, index);
  return {
    chart: mark,
    ...(x !== undefined && { x: name(x) }),
    ...Object.fromEntries(y.map((column, index) => [yName(index), name(column)])),
    ...(color !== undefined && { color: name(color) }),
    ...(facet !== undefined && { facet: name(facet) }),
    agg: aggregate,
    ...(unit !== undefined && { unit }),
    ...(bins !== undefined && { bins: String(bins) }),
  };
}

/** Undefined for attributes that name no chart. */
export function readChart(attributes: ChartAttributes | undefined, columns: readonly WireColumn[]): ReadChart | undefined {
  const problems: string[] = [];
  const mark = choice(attributes?.['chart'], CHART_MARKS);
  if (attributes === undefined || mark === undefined) return undefined;
  const column = (name: string): number | undefined => {
    const text = attributes[name];
    if (text === undefined) return undefined;
    const index = columnIndex(columns, text);
    if (index === undefined) problems.push(`The result has no column ${text}, which the cell names for ${name}.`);
    return index;
  };
  const [x, color, facet] = [column('x'), column('color'), column('facet')];
  const y = Array.from({ length: MAX_CHART_COLUMNS }, (_, index) => column(yName(index))).filter((index) => index !== undefined);
  const unit = choice(attributes['unit'], CHART_UNITS);
  const bins = Number(attributes['bins']);
  const fallback = y.length > 0 ? 'sum' : 'count';
  const spec: WireChartSpec = {
    mark,
    ...(x !== undefined && { x }),
    ...(y.length > 0 && { y }),
    ...(color !== undefined && { color }),
    ...(facet !== undefined && { facet }),
    aggregate: choice(attributes['agg'], CHART_AGGREGATES) ?? fallback,
    ...(unit !== undefined && { unit }),
    ...(Number.isInteger(bins) && bins >= 1 && bins <= 1000 && { bins }),
  };
  return { spec, problems };
}

function yName(index: number): string {
  return index === 0 ? 'y' : `y${index + 1}`;
}

/** Attributes stand on one line. */
function oneLine(name: string): string {
  return name.replaceAll(/[\r\n]+/g, ' ');
}

function columnName(columns: readonly WireColumn[], index: number): string {
  const name = oneLine(columns[index]?.name ?? '');
  return name !== '' && columnIndex(columns, name) === index ? name : `#${index + 1}`;
}

function columnIndex(columns: readonly WireColumn[], text: string): number | undefined {
  const named = columns.findIndex(({ name }) => oneLine(name) === text);
  if (named >= 0) return named;
  const place = Number(PLACE.exec(text)?.[1] ?? 0) - 1;
  return columns[place] === undefined ? undefined : place;
}

function choice<Name extends string>(text: string | undefined, names: readonly Name[]): Name | undefined {
  return names.find((name) => name === text?.toLowerCase());
}
