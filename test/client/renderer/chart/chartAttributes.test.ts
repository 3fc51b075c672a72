import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMarker, withAttributes } from '../../../../client/notebook/cellMarker.ts';
import { chartAttributes, readChart } from '../../../../client/renderer/chart/chartAttributes.ts';
import { CHART_AGGREGATES, CHART_MARKS, CHART_UNITS, type WireChartSpec } from '../../../../server/protocol/chart.ts';

const COLUMNS = ['day', 'total', 'order day', 'total', '', '#2', 'two\nlines', 'say "hi"'].map((name) => ({ name, type: 'INTEGER' }));

describe('a chart as attributes', () => {
  it('names columns, and those that share a name by their place', () => {
    const spec: WireChartSpec = { mark: 'line', x: 2, y: [1, 3], color: 4, aggregate: 'sum', unit: 'month' };
    const attributes = chartAttributes(spec, COLUMNS);
    expect(attributes).toEqual({ chart: 'line', x: 'order day', y: 'total', y2: '#4', color: '#5', agg: 'sum', unit: 'month' });
    expect(readChart(attributes, COLUMNS)).toEqual({ spec, problems: [] });
  });

  it('comes back from a file as it was', () => {
    const column = fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7);
    const optional = (name: string, value: fc.Arbitrary<unknown>) =>
      fc.option(value, { nil: undefined }).map((one) => (one === undefined ? {} : { [name]: one }));
    const specs = fc
      .tuple(
        fc.constantFrom(...CHART_MARKS),
        fc.constantFrom(...CHART_AGGREGATES),
        optional('x', column),
        optional('y', fc.array(column, { minLength: 1, maxLength: 8 })),
        optional('color', column),
        optional('facet', column),
        optional('unit', fc.constantFrom(...CHART_UNITS)),
        optional('bins', fc.integer({ min: 1, max: 1000 })),
      )
      .map(([mark, aggregate, ...parts]) => Object.assign({ mark, aggregate }, ...parts) as WireChartSpec);
    fc.assert(
      fc.property(specs, (spec) => {
        const cell = withAttributes(
          { kind: 'code', head: '-- %% Daily\n', body: 'select 1', tail: '' },
          chartAttributes(spec, COLUMNS),
          '\n',
        );
        const read = Object.fromEntries(readMarker(cell).attributes);
        expect(readMarker(cell).title).toBe('Daily');
        expect(readChart(read, COLUMNS)).toEqual({ spec, problems: [] });
      }),
    );
  });

  it('says which columns the result does not have', () => {
    expect(readChart({ chart: 'BAR', x: 'gone', y: 'total', agg: 'nonsense', unit: 'century', bins: '-3' }, COLUMNS)).toEqual({
      spec: { mark: 'bar', y: [1], aggregate: 'sum' },
      problems: ['The result has no column gone, which the cell names for x.'],
    });
    expect(readChart({ chart: 'donut' }, COLUMNS)).toBeUndefined();
    expect(readChart({}, COLUMNS)).toBeUndefined();
    expect(readChart(undefined, COLUMNS)).toBeUndefined();
  });
});
