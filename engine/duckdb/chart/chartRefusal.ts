import type { ChartRefusal, ChartSpec } from '../../types.ts';
import type { ChartColumn } from './chartColumn.ts';

export interface ChosenColumns {
  readonly x: ChartColumn | undefined;
  readonly y: readonly ChartColumn[];
  readonly color: ChartColumn | undefined;
}

/** Why a chart makes no sense whatever the values are, and what would; undefined where it may. */
export function chartRefusal(spec: ChartSpec, { x, y, color }: ChosenColumns): ChartRefusal | undefined {
  const { mark, aggregate } = spec;
  const refuse = (reason: string, instead?: ChartSpec): ChartRefusal => ({ kind: 'refused', reason, ...(instead && { instead }) });
  if (mark === 'box') {
    if (y[0] === undefined) return refuse('A box plot needs a column of numbers: choose y.');
    return y[0].kind === 'number'
      ? undefined
      : refuse(`A box plot sums up numbers, and ${y[0].title} has none: choose another column for y.`);
  }
  if (x === undefined) return refuse('Choose a column for x.');
  if (mark === 'histogram') {
    if (x.kind !== 'category') return undefined;
    return refuse(`A histogram counts numbers in bins, and ${x.title} has none: a bar chart counts its values.`, {
      ...withoutY(spec),
      mark: 'bar',
      aggregate: 'count',
    });
  }
  if (mark === 'heatmap') return heatmapRefusal(spec, y[0], color);
  if ((mark === 'line' || mark === 'area') && x.kind === 'category') {
    const reason = `${mark === 'line' ? 'A line' : 'An area'} joins values in an order, and ${x.title} has none: a bar chart compares them.`;
    return refuse(reason, { ...spec, mark: 'bar', aggregate: aggregate === 'none' && y.length > 0 ? 'sum' : aggregate });
  }
  if (y.length > 1 && color !== undefined) {
    const { color: _, ...instead } = spec;
    return refuse('Several columns for y have a colour each: choose one of them, or no column for colour.', instead);
  }
  if (mark === 'scatter') {
    if (y[0] === undefined) return refuse('A scatter plot needs two columns: choose y.');
    const text = x.kind === 'category' ? x : y.find(({ kind }) => kind === 'category');
    if (text)
      return refuse(`A scatter plot has numbers or times on both axes, and ${text.title} has none: choose another column, or a bar chart.`);
    return undefined;
  }
  if (y.length === 0) {
    return aggregate === 'count' ? undefined : refuse('Choose a column for y, or count the rows.', { ...spec, aggregate: 'count' });
  }
  const notNumber = y.find(({ kind }) => kind !== 'number');
  if (aggregate !== 'count' && notNumber) {
    return refuse(`${notNumber.title} holds no numbers: they can only be counted.`, { ...spec, aggregate: 'count' });
  }
  if (mark === 'pie') {
    if (y.length > 1)
      return refuse('A pie shows parts of one whole: choose one column for y.', {
        ...spec,
        y: y.length > 0 ? (spec.y ?? []).slice(0, 1) : [],
      });
    if (!['sum', 'count', 'none'].includes(aggregate)) {
      const reason = 'A pie shows parts of a whole, and averages, extremes and medians do not add up to one: choose a sum, or a bar chart.';
      return refuse(reason, { ...spec, mark: 'bar' });
    }
  }
  return undefined;
}

function heatmapRefusal(spec: ChartSpec, y: ChartColumn | undefined, color: ChartColumn | undefined): ChartRefusal | undefined {
  if (y === undefined) return { kind: 'refused', reason: 'A heatmap needs two columns: choose y.' };
  const counts = spec.aggregate === 'count';
  if (color !== undefined && color.kind !== 'number' && !counts) {
    return {
      kind: 'refused',
      reason: `The colour of a heatmap is a number, and ${color.title} holds none: count the rows, or choose another column.`,
      instead: { ...spec, aggregate: 'count' },
    };
  }
  return undefined;
}

function withoutY({ y: _, ...spec }: ChartSpec): ChartSpec {
  return spec;
}
