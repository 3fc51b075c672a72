import { describe, expect, test } from 'vitest';
import { chartText } from '../../../client/text/chartText.ts';
import { displayWidth } from '../../../client/text/displayText.ts';
import { DotCanvas } from '../../../client/text/dotCanvas.ts';
import { createStyle } from '../../../client/text/style.ts';
import type { WireChartDrawing } from '../../../server/protocol/chart.ts';

const FRAME = { width: 40, height: 12, style: createStyle(false) };
const NUMBER = { title: 'total', kind: 'number' } as const;

function drawn(chart: Partial<WireChartDrawing>, frame = FRAME): string[] {
  return chartText({ kind: 'drawn', mark: 'bar', axes: {}, fields: ['x', 'y'], rows: [], notes: [], rowCount: 0, ...chart }, frame);
}

describe('chartText', () => {
  test('bars by category, with NULL, others and negative values', () => {
    const x = { title: 'region', kind: 'category', labels: ['north', '日本', null], hasOther: true } as const;
    const rows = [
      [0, 10],
      [1, 5.25],
      [2, -5],
      [3, null],
    ];
    expect(drawn({ axes: { x, y: NUMBER }, rows })).toEqual([
      'total by region',
      'north │         ██████████████████ 10',
      ' 日本 │         █████████▌ 5.25',
      ' NULL │█████████ -5',
      'other │          NULL',
    ]);
  });

  test('bars of several series name each', () => {
    const x = { title: 'year', kind: 'time', unit: 'year' } as const;
    const color = { title: 'kind', kind: 'category', labels: ['even', 'odd'] } as const;
    const year = Date.UTC(2024, 0, 1);
    const rows = [
      [year, 0, 4],
      [year, 1, 2],
    ];
    const lines = drawn({ axes: { x, y: NUMBER, color }, fields: ['x', 'color', 'y'], rows });
    expect(lines).toEqual(['total by year and kind', '2024  even │█████████████████████████ 4', '      odd  │████████████▌ 2']);
  });

  test('bins are named by both ends', () => {
    const x = { title: 'amount', kind: 'number' } as const;
    const lines = drawn({
      mark: 'histogram',
      axes: { x, y: { ...NUMBER, title: 'rows' } },
      fields: ['x', 'x2', 'y'],
      rows: [
        [0, 0.5, 1200],
        [0.5, 1, 1],
      ],
    });
    expect(lines[1]).toMatch(/^0 – 0\.5 │█+[▏▎▍▌▋▊▉]? 1,200$/);
    expect(lines[2]).toBe('0.5 – 1 │▏ 1');
  });

  test('a line from the lower left to the upper right', () => {
    const x = { title: 'i', kind: 'number' } as const;
    const lines = drawn(
      {
        mark: 'line',
        axes: { x, y: NUMBER },
        rows: [
          [0, 0],
          [10, 100],
        ],
      },
      { ...FRAME, width: 15, height: 7 },
    );
    expect(lines).toEqual([
      'total by i',
      '100 │       ⢀⠤⠊',
      '    │     ⡠⠔⠁',
      '    │  ⢀⠔⠊',
      '  0 │⡠⠒⠁',
      '    └──────────',
      '     0       10',
    ]);
  });

  test('series stand below each other on one scale, gaps are left out, areas are filled', () => {
    const x = { title: 'i', kind: 'number' } as const;
    const color = { title: 'k', kind: 'category', labels: ['a', 'b'] } as const;
    const rows = [
      [0, 0, 100],
      [1, 0, null],
      [2, 0, 100],
      [0, 1, 0],
      [2, 1, 0],
    ];
    const axes = { x, y: NUMBER, color };
    const lines = drawn({ mark: 'line', axes, fields: ['x', 'color', 'y'], rows }, { ...FRAME, width: 15, height: 14 });
    expect(lines.slice(1, 4)).toEqual(['a', '100 │⠁        ⠈', '    │']);
    expect(lines.filter((line) => /^[ab]$/.test(line))).toEqual(['a', 'b']);
    const area = drawn(
      {
        mark: 'area',
        axes: { x, y: NUMBER },
        rows: [
          [0, 0],
          [1, 10],
        ],
      },
      { ...FRAME, width: 14, height: 7 },
    );
    expect(area.at(-3)).toMatch(/^ 0 │[⣀-⣿]{10}$/);
  });

  test('boxes lie on one scale, with points beyond the whiskers and the median behind', () => {
    const x = { title: 'region', kind: 'category', labels: ['north', 'south'] } as const;
    const rows = [
      [0, null, 0, 2, 4, 6, 8, null],
      [0, null, null, null, null, null, null, 20],
      [1, null, 5, 5, 5, 5, 5, null],
    ];
    const fields = ['x', 'x2', 'low', 'q1', 'median', 'q3', 'high', 'y'] as const;
    expect(drawn({ mark: 'box', axes: { x, y: NUMBER }, fields, rows }, { ...FRAME, width: 31 })).toEqual([
      'total by region · median behind the box',
      'north │├─▒▒┃▒▒─┤           ∘ 4',
      'south │     ┃                5',
      '      └─────────────────────',
      '       0                  20',
    ]);
    expect(drawn({ mark: 'box', axes: { x, y: NUMBER }, fields, rows: [] })).toEqual(['There is nothing to draw.']);
  });

  test('heatmaps are darker where there is more, blank where there is nothing, and go up', () => {
    const x = { title: 'day', kind: 'category', labels: ['Mon', 'Tue', 'Wed'] } as const;
    const y = { title: 'hour', kind: 'number' } as const;
    const value = { title: 'rows', kind: 'number' } as const;
    const rows = [
      [0, 0, 1, 1],
      [1, 0, 1, 50],
      [2, 0, 1, 100],
      [0, 1, 2, 30],
    ];
    const lines = drawn({ mark: 'heatmap', axes: { x, y, value }, fields: ['x', 'y', 'y2', 'value'], rows }, { ...FRAME, width: 21 });
    expect(lines).toEqual([
      'rows by day and hour',
      '1 │▒▒▒▒▒▒',
      '0 │░░░░░░▒▒▒▒▒▒██████',
      '   Mon   Tue   Wed',
      '   ░ ≥ 1  ▒ ≥ 25.75  ▓ ≥ 50.5  █ ≥ 75.25',
    ]);
  });

  test('nothing is wider than the frame, whatever the labels are', () => {
    const labels = ['\u001b[2J<b>\u202e', 'x'.repeat(300), '🦆'.repeat(50)];
    for (const width of [20, 40, 100]) {
      const rows = [
        [0, 1e300],
        [1, 1],
        [2, 3],
      ];
      const x = { title: '\u001b[31m', kind: 'category', labels } as const;
      const lines = drawn({ axes: { x, y: NUMBER }, rows }, { ...FRAME, width });
      expect(lines.join('')).not.toMatch(/[\p{Cc}\u202e]/u);
      for (const line of lines.slice(1)) expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(width, 32));
    }
  });

  test('many bars end with how many more there are', () => {
    const rows = Array.from({ length: 100 }, (_, at) => [at, at]);
    expect(drawn({ axes: { x: { title: 'i', kind: 'number' }, y: NUMBER }, rows }).at(-1)).toBe('… and 40 more');
  });

  test('what was left out is said', () => {
    expect(drawn({ notes: ['3 rows have no value.'] }).at(-1)).toBe('3 rows have no value.');
    expect(drawn({ mark: 'line' })).toEqual(['There is nothing to draw.']);
  });

  test('dots outside of a canvas are not drawn', () => {
    const canvas = new DotCanvas(2, 1);
    canvas.line(-5, -5, 50, 50);
    canvas.dot(3, 3);
    expect(canvas.lines()).toEqual(['⠑⢄']);
  });
});
