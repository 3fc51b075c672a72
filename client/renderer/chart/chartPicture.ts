import { Error as ERRORS_ONLY, type Loader, loader, parse, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { ChartAggregate, ChartAttributes, WireChartDrawing, WireChartSpec } from '../../../server/protocol/chart.ts';
import type { WireColumn } from '../../../server/protocol/values.ts';
import { readChart } from './chartAttributes.ts';
import { chartSummary } from './chartText.ts';
import { type ChartTheme, chartConfig } from './chartTheme.ts';
import { vegaSpec } from './vegaSpec.ts';

/** For paper and pages of others: light, whatever the reader's theme. */
const PAPER: ChartTheme = {
  background: '#ffffff',
  text: '#1f2328',
  quietText: '#57606a',
  line: '#d0d7de',
  font: 'system-ui, sans-serif',
  series: ['#1f6fd6', '#c2620a', '#2f8a3b', '#c93c37', '#8250c4', '#9a7400', '#57606a'],
  ramp: ['#e3eefb', '#a9cbf2', '#6aa5e6', '#2f7bd4', '#134f98'],
  highContrast: false,
};
const CANVAS = { width: 760, height: 340, highContrast: false };

/** What is asked of the network: nothing. */
const noLoader: Loader = {
  ...loader(),
  load: () => Promise.reject(new Error('A chart loads nothing.')),
  sanitize: () => Promise.reject(new Error('A chart links to nothing.')),
};

/** The chart that a cell's attributes name, for a result with these columns; undefined for none. */
export function pictureSpec(attributes: ChartAttributes, columns: readonly WireColumn[]): WireChartSpec | undefined {
  return readChart(attributes, columns)?.spec;
}

/** A chart as a picture, drawn without a page, and what it shows in words. */
export async function drawPicture(
  chart: WireChartDrawing,
  aggregate: ChartAggregate,
): Promise<{ readonly svg: string; readonly label: string }> {
  const drawn = vegaSpec(chart, aggregate, CANVAS);
  const { spec } = compile(drawn.spec as unknown as TopLevelSpec, { config: chartConfig(PAPER) });
  const view = new View(parse(spec, {}, { ast: true }), {
    expr: expressionInterpreter,
    loader: noLoader,
    logLevel: ERRORS_ONLY,
    renderer: 'none',
  });
  try {
    return { svg: await view.toSVG(), label: chartSummary(chart) };
  } finally {
    view.finalize();
  }
}
