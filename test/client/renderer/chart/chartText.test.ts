import { describe, expect, it } from 'vitest';
import { axisLabels, chartSummary, cut, numberText, placeText, timeText } from '../../../../client/renderer/chart/chartText.ts';
import type { WireChartDrawing } from '../../../../server/protocol/chart.ts';

describe('labels', () => {
  it('are all different, and say what NULL and nothing are', () => {
    const long = 'x'.repeat(100);
    const labels = axisLabels({
      title: 't',
      kind: 'category',
      labels: [null, 'NULL', '', `${long}a`, `${long}b`, 'other', 'a\u202eb'],
      hasOther: true,
    });
    expect(labels).toEqual([
      'NULL',
      '“NULL”',
      '(empty)',
      `${'x'.repeat(40)}…`,
      `${'x'.repeat(40)}… (2)`,
      'other',
      'a\\u202eb',
      'other (2)',
    ]);
    expect(cut('𝒳'.repeat(41))).toBe(`${'𝒳'.repeat(40)}…`);
  });
});

describe('values', () => {
  it('are as short as can be read', () => {
    expect([1204331, 0.1 + 0.2, 1e300, 1e-9, -0.5, 12345.6789].map(numberText)).toEqual([
      '1,204,331',
      '0.3',
      '1e+300',
      '1e-9',
      '-0.5',
      '12,345.7',
    ]);
  });

  it('of time go as far as their unit', () => {
    const at = Date.parse('1969-07-20T20:17:40.5Z');
    expect((['year', 'quarter', 'month', 'week', 'day', 'hour', undefined] as const).map((unit) => timeText(at, unit))).toEqual([
      '1969',
      'Q3 1969',
      'Jul 1969',
      'week of 1969-07-20',
      '1969-07-20',
      '1969-07-20 20:17:40.500',
      '1969-07-20 20:17:40.500',
    ]);
    expect(timeText(0, undefined)).toBe('1970-01-01');
    expect(timeText(9e15, 'day')).toBe('9000000000000000');
    expect(placeText({ title: 't', kind: 'clock' }, 36_000_000)).toBe('10:00:00');
  });
});

describe('the summary', () => {
  it('says what the chart shows, its extremes and what was left out', () => {
    const chart: WireChartDrawing = {
      kind: 'drawn',
      mark: 'line',
      axes: {
        x: { title: 'day', kind: 'time', unit: 'month' },
        y: { title: 'sum of total', kind: 'number' },
        color: { title: 'region', kind: 'category', labels: ['n'] },
      },
      fields: ['color', 'x', 'x2', 'y', 'exact'],
      rows: [
        [0, 0, 1, 5, null],
        [0, Date.parse('1970-02-01'), 2, 7, null],
      ],
      notes: ['1 row with NULL in day is left out.'],
      rowCount: 10,
    };
    expect(chartSummary(chart)).toBe(
      'Line chart of sum of total by day (month), coloured by region, 2 marks. Highest 7 at Feb 1970, lowest 5 at Jan 1970. 1 row with NULL in day is left out.',
    );
    expect(chartSummary({ ...chart, rows: [] })).toContain('0 marks.');
  });
});
