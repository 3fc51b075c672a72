import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layOut } from '../../../../client/renderer/graph/graphLayout.ts';

const graphs = fc.integer({ min: 0, max: 25 }).chain((count) =>
  fc.tuple(
    fc.constant(count),
    fc
      .array(fc.tuple(fc.nat({ max: Math.max(0, count - 1) }), fc.nat({ max: Math.max(0, count - 1) })), { maxLength: 60 })
      .map((pairs) => pairs.filter(([a, b]) => a !== b && count > 1).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))),
  ),
);

describe('layOut', () => {
  it('puts each cell below all that it depends on, inside of the picture, and no two in one place', () => {
    fc.assert(
      fc.property(graphs, ([count, edges]) => {
        const { boxes, lines, width, height } = layOut(count, edges);
        expect([boxes.length, lines.length]).toEqual([count, edges.length]);
        for (const { from, to } of edges) expect((boxes[to]?.y ?? 0) - (boxes[from]?.y ?? 0)).toBeGreaterThan(boxes[from]?.height ?? 0);
        for (const [index, box] of boxes.entries()) {
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(width + 0.001);
          expect(box.y + box.height).toBeLessThanOrEqual(height);
          for (const other of boxes.slice(index + 1)) {
            expect(box.y !== other.y || Math.abs(box.x - other.x) >= box.width).toBe(true);
          }
        }
        for (const { path } of lines) expect(path).toMatch(/^M [\d. ,CLM-]+$/);
      }),
    );
  });

  it('keeps the order of the notebook for cells that depend on nothing', () => {
    const { boxes } = layOut(3, []);
    expect(boxes.map(({ y }) => y)).toEqual([16, 16, 16]);
    expect([...boxes].sort((a, b) => a.x - b.x)).toEqual(boxes);
  });

  it('draws an empty notebook', () => {
    expect(layOut(0, [])).toMatchObject({ boxes: [], lines: [] });
  });
});
