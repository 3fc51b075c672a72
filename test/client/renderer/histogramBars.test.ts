import fc from 'fast-check';
import { expect, it } from 'vitest';
import { edgeText, histogramBars, histogramLabel } from '../../../client/renderer/histogramBars.ts';

it('draws bars as high as their counts', () => {
  const bins = [
    { from: 0, to: 10, count: 1 },
    { from: 10, to: 20, count: 4 },
  ];
  expect(histogramBars(bins, 100, 40)).toEqual([
    { x: 0, y: 30, width: 49, height: 10, label: '0 to 10: 1 row' },
    { x: 50, y: 0, width: 49, height: 40, label: '10 to 20: 4 rows' },
  ]);
  expect(histogramLabel(bins)).toBe('Histogram of 2 bars; the highest is 10 to 20 with 4 rows');
});

it('stays within its area, and shows whatever is not empty', () => {
  const bins = fc.array(fc.record({ from: fc.integer(), to: fc.integer(), count: fc.nat(1e9) }), { maxLength: 20 });
  fc.assert(
    fc.property(bins, (all) => {
      const bars = histogramBars(all, 240, 72);
      expect(bars).toHaveLength(all.length);
      for (const [index, { x, y, width, height }] of bars.entries()) {
        expect(x + width).toBeLessThanOrEqual(240.01);
        expect(y + height).toBeCloseTo(72, 1);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(height > 0).toBe(all[index]?.count !== 0);
      }
    }),
  );
});

it('has short edges, and none for nothing', () => {
  expect([edgeText(0.1 + 0.2), edgeText(1_234_567), edgeText('2024-02-29')]).toEqual(['0.3', '1234567', '2024-02-29']);
  expect(histogramLabel([])).toBe('');
});
