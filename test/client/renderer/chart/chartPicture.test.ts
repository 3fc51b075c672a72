import { expect, it } from 'vitest';
import { drawPicture, pictureSpec } from '../../../../client/renderer/chart/chartPicture.ts';
import type { WireChartDrawing } from '../../../../server/protocol/chart.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';

it('a chart is drawn without a page, and no text of the data becomes an element', async () => {
  const columns = [
    { name: 'city', type: 'VARCHAR' },
    { name: 'total', type: 'BIGINT' },
  ];
  const spec = pictureSpec({ chart: 'bar', x: 'city', y: 'total' }, columns);
  expect(spec).toMatchObject({ mark: 'bar', x: 0, y: [1] });
  const chart: WireChartDrawing = {
    kind: 'drawn',
    mark: 'bar',
    axes: { x: { title: 'city', kind: 'category', labels: ['Oslo', HOSTILE] }, y: { title: HOSTILE, kind: 'number' } },
    fields: ['x', 'y'],
    rows: [
      [0, 5],
      [1, 7],
    ],
    notes: [],
    rowCount: 2,
  };
  const { svg, label } = await drawPicture(chart, 'sum');
  expect(svg).toMatch(/^<svg[^>]*viewBox=/);
  expect(svg).toContain('Oslo');
  expect(svg).toContain('&lt;img');
  expect(svg).not.toMatch(/<img|<script|href=/);
  expect(label).toContain('Bar chart');
});

it('attributes that name no chart give none', () => {
  expect(pictureSpec({ x: 'a' }, [])).toBeUndefined();
  expect(pictureSpec({ chart: 'nonsense' }, [])).toBeUndefined();
});
