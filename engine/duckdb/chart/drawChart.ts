import type { ChartAnswer, ChartSpec } from '../../types.ts';
import { boxChart } from './boxChart.ts';
import { chartRefusal } from './chartRefusal.ts';
import { type ChartSource, columnAt } from './chartSource.ts';
import { groupedChart } from './groupedChart.ts';
import { rawChart } from './rawChart.ts';

/** Sums up a source to what its chart draws, or refuses the chart with a reason. */
export async function drawChart(source: ChartSource, spec: ChartSpec): Promise<ChartAnswer> {
  const kinds = {
    x: spec.x === undefined ? undefined : columnAt(source, spec.x),
    y: (spec.y ?? []).map((index) => columnAt(source, index)),
    color: spec.color === undefined ? undefined : columnAt(source, spec.color),
  };
  const refused = chartRefusal(spec, kinds);
  if (refused) return refused;
  if (source.rowCount === 0) return { kind: 'refused', reason: 'The result has no rows: there is nothing to draw.' };
  if (spec.mark === 'box') return await boxChart(source, spec);
  const isRaw = spec.mark === 'scatter' || ((spec.mark === 'line' || spec.mark === 'area') && spec.aggregate === 'none');
  return isRaw ? await rawChart(source, spec) : await groupedChart(source, spec);
}
