import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnLayout, scrollLeftShowing, visibleColumns } from '../../../client/renderer/columnLayout.ts';

const layouts = fc.array(fc.nat(200), { minLength: 1, maxLength: 60 }).map((lengths) => columnLayout(lengths, 8));

test('columns are as wide as their text, within bounds', () => {
  const { widths, edges } = columnLayout([0, 10, 1000], 8);
  expect(widths[0]).toBeGreaterThan(30);
  expect(widths[1]).toBe(98);
  expect(widths[2]).toBeLessThan(450);
  expect(edges).toEqual([0, 50, 148, 550]);
});

test('every column in view is found, and few others', () => {
  fc.assert(
    fc.property(layouts, fc.nat(5000), fc.integer({ min: 1, max: 1500 }), (layout, left, width) => {
      const { first, end } = visibleColumns(layout, left, width);
      for (const [index] of layout.widths.entries()) {
        const inView = (layout.edges[index] ?? 0) < left + width && (layout.edges[index + 1] ?? 0) > left;
        if (inView) expect(index >= first && index < end).toBe(true);
      }
      expect(end).toBeLessThanOrEqual(layout.widths.length);
    }),
  );
});

test('a result without columns', () => {
  expect(visibleColumns(columnLayout([], 8), 0, 100)).toEqual({ first: 0, end: 0 });
});

test('a column is brought into view', () => {
  fc.assert(
    fc.property(layouts, fc.nat(), fc.nat(5000), fc.integer({ min: 420, max: 1500 }), (layout, seed, scrollLeft, width) => {
      const column = seed % layout.widths.length;
      const left = scrollLeftShowing(layout, column, scrollLeft, width);
      expect(layout.edges[column] ?? 0).toBeGreaterThanOrEqual(left);
      expect(layout.edges[column + 1] ?? 0).toBeLessThanOrEqual(left + width);
    }),
  );
});
