import { KodiakError } from '../../engine/base/errors.ts';
import { namedWork } from '../namedWork.ts';
import {
  CHART_AGGREGATES,
  CHART_MARKS,
  CHART_UNITS,
  type ChartResultParams,
  MAX_CHART_COLUMNS,
  type WireChart,
  type WireChartSpec,
} from '../protocol/chart.ts';
import { toWireChart } from '../wire.ts';
import type { Handler } from './handler.ts';

const MAX_BINS = 1000;

/** Sums up a result, or the rows of a view, to what a chart draws. */
export const chartResult: Handler<ChartResultParams, WireChart> = async (server, client, params, signal) => {
  const { result, view } = server.results.get(params.resultId);
  const spec = checked(params.spec);
  const work = (either: AbortSignal) => result.chart(spec, { signal: either, ...(view && { view }) });
  return toWireChart(await namedWork(server, client, params.runId, signal, work));
};

/** Names go into SQL: only those that are known. */
function checked(spec: WireChartSpec): WireChartSpec {
  const { mark, aggregate, unit, bins, y = [] } = spec;
  const known: readonly boolean[] = [
    CHART_MARKS.includes(mark),
    CHART_AGGREGATES.includes(aggregate),
    unit === undefined || CHART_UNITS.includes(unit),
    bins === undefined || (Number.isInteger(bins) && bins >= 1 && bins <= MAX_BINS),
    y.length <= MAX_CHART_COLUMNS,
  ];
  if (known.includes(false)) throw new KodiakError('bug', `There is no such chart: ${JSON.stringify(spec)}.`);
  return spec;
}
