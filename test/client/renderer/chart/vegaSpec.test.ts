import { parse, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { chartConfig } from '../../../../client/renderer/chart/chartTheme.ts';
import { tooltipLines } from '../../../../client/renderer/chart/chartTooltip.ts';
import { chartMarks, vegaSpec } from '../../../../client/renderer/chart/vegaSpec.ts';
import type { ChartAggregate, ChartMark, WireChartDrawing } from '../../../../server/protocol/chart.ts';

const HOSTILE = '<img src=x onerror=alert(1)>"]\'].datum[`event`]';
const THEME = {
  background: '#000000',
  text: '#ffffff',
  quietText: '#cccccc',
  line: '#333333',
  font: 'sans-serif',
  series: ['#0000ff', '#ff0000'],
  ramp: ['#000011', '#0000ff'],
  highContrast: false,
};

function drawing(mark: ChartMark, facet = false): WireChartDrawing {
  const labels = [HOSTILE, null, 'NULL', '', HOSTILE];
  const category = { title: HOSTILE, kind: 'category', labels } as const;
  const number = { title: HOSTILE, kind: 'number' } as const;
  const split = facet ? { facet: { ...category, hasOther: true } } : {};
  const front = (row: readonly (number | string | null)[], index: number) => (facet ? [5 - (index % 6), ...row] : row);
  const fields = (...names: WireChartDrawing['fields']) => [...(facet ? (['facet'] as const) : []), ...names];
  const base = { kind: 'drawn', mark, notes: [], rowCount: 5 } as const;
  if (mark === 'box') {
    const rows = [0, 1, 2, 3, 4].flatMap((x) => [
      [x, x, 1, 2, 3, 4, 5, null],
      [x, x, null, null, null, null, null, 9],
    ]);
    return {
      ...base,
      axes: { x: category, y: number, ...split },
      fields: fields('x', 'x2', 'low', 'q1', 'median', 'q3', 'high', 'y'),
      rows: rows.map(front),
    };
  }
  if (mark === 'heatmap') {
    const rows = [0, 1, 2, 3, 4].map((x) => [x, x, 10 * x, 10 * x + 10, x, null]);
    return {
      ...base,
      axes: { x: category, y: number, value: number, ...split },
      fields: fields('x', 'x2', 'y', 'y2', 'value', 'exact'),
      rows: rows.map(front),
    };
  }
  const x = mark === 'bar' || mark === 'pie' ? category : mark === 'histogram' ? number : ({ title: HOSTILE, kind: 'time' } as const);
  const end = x.kind === 'category' ? 0 : 1;
  const rows = [0, 1, 2, 3, 4].map((place) => [place, place, place + end, place + 1, place === 1 ? '9007199254740993' : null]);
  return {
    ...base,
    axes: { x, y: number, color: category, ...split },
    fields: fields('color', 'x', 'x2', 'y', 'exact'),
    rows: rows.map(front),
  };
}

async function svgOf(chart: WireChartDrawing, aggregate: ChartAggregate, highContrast = false): Promise<string> {
  const { spec } = vegaSpec(chart, aggregate, { width: 600, height: 300, highContrast });
  const compiled = compile(spec as unknown as TopLevelSpec, { config: chartConfig({ ...THEME, highContrast }), logger: silent() });
  const view = new View(parse(compiled.spec, {}, { ast: true }), { expr: expressionInterpreter, renderer: 'none' });
  await view.runAsync();
  return await view.toSVG();
}

/** Vega-Lite's warnings are failures here. */
function silent() {
  const logger = {
    level: () => logger,
    error: (...told: readonly unknown[]) => {
      throw new Error(told.join(' '));
    },
    warn: (...told: readonly unknown[]) => {
      throw new Error(told.join(' '));
    },
    info: () => logger,
    debug: () => logger,
  };
  return logger as never;
}

const MARKS: readonly ChartMark[] = ['line', 'area', 'bar', 'scatter', 'histogram', 'heatmap', 'box', 'pie'];

describe('every mark', () => {
  it.each(MARKS)('%s is drawn without eval, by panels or not, with hostile names as text', { tags: ['slow'] }, async (mark) => {
    for (const facet of [false, true]) {
      for (const aggregate of ['sum', 'avg', 'none'] as const) {
        const svg = await svgOf(drawing(mark, facet), aggregate, facet);
        const found = ['<img', '&lt;img src=x onerror=alert(1)&gt;', 'NaN', 'undefined', '>other<'].map((text) => svg.includes(text));
        expect(found).toEqual([false, true, false, false, facet]);
      }
    }
  });
});

it('has fields by role only', () => {
  const [first, second] = chartMarks(drawing('bar'));
  expect(first).toEqual({
    r: 0,
    color: '<img src=x onerror=alert(1)>"]\'].datum[`…',
    x: '<img src=x onerror=alert(1)>"]\'].datum[`…',
    x2: '<img src=x onerror=alert(1)>"]\'].datum[`…',
    y: 1,
    exact: null,
  });
  expect(second).toMatchObject({ r: 1, x: 'NULL', exact: '9007199254740993' });
});

it('lays bars down whose labels are many or long, each with room', () => {
  const many: WireChartDrawing = {
    ...drawing('bar'),
    axes: {
      x: { title: 'k', kind: 'category', labels: Array.from({ length: 50 }, (_, index) => `k${index}`) },
      y: { title: 'n', kind: 'number' },
    },
  };
  const { spec, height } = vegaSpec(many, 'sum', { width: 600, height: 300, highContrast: false });
  expect(height).toBe(50 * 18 + 60);
  expect(spec).toMatchObject({ encoding: { y: { field: 'x' }, x: { field: 'y' } } });
});

it('says the exact value of what is pointed at', () => {
  const chart = drawing('bar');
  expect(tooltipLines(chart, chart.rows[1] ?? []).map(({ text }) => text)).toEqual(['NULL', 'NULL', '9007199254740993']);
  const bins = drawing('histogram');
  expect(tooltipLines(bins, [0, 1, 2, 3, null]).map(({ text }) => text)).toEqual(['1 to 2', expect.any(String), '3']);
  const box = drawing('box');
  expect(tooltipLines(box, box.rows[0] ?? []).map(({ name }) => name)).toEqual([
    HOSTILE,
    'upper whisker',
    'q3',
    'median',
    'q1',
    'lower whisker',
  ]);
});
