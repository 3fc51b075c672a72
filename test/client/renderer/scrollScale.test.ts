import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MAX_CANVAS_HEIGHT,
  pageStep,
  positionAt,
  positionShowing,
  ROW_HEIGHT,
  scrollScale,
  scrollTopFor,
  visibleRows,
} from '../../../client/renderer/scrollScale.ts';

const rowCounts = fc.oneof(fc.nat(100), fc.nat(400_000), fc.nat(5_000_000_000));
const viewHeights = fc.integer({ min: 22, max: 800 });

describe('a scale', () => {
  test('never needs a canvas that browsers cannot draw', () => {
    fc.assert(fc.property(rowCounts, viewHeights, (rows, height) => scrollScale(rows, height).canvasHeight <= MAX_CANVAS_HEIGHT));
  });

  test('short results scroll by their pixels', () => {
    const scale = scrollScale(1000, 352);
    expect(scale.scaled).toBe(false);
    expect(positionAt(scale, 220)).toBe(10);
    expect(scrollTopFor(scale, 10)).toBe(220);
  });

  test('top and bottom of the scroll bar are first and last row', () => {
    fc.assert(
      fc.property(rowCounts, viewHeights, (rows, height) => {
        const scale = scrollScale(rows, height);
        expect(visibleRows(scale, positionAt(scale, 0)).first).toBe(0);
        const bottom = Math.max(0, scale.canvasHeight - height);
        const position = positionAt(scale, bottom);
        expect(position).toBeCloseTo(scale.maxPosition, 5);
        expect(visibleRows(scale, scale.maxPosition).end).toBe(rows);
      }),
    );
  });

  test('place and position are inverse', () => {
    fc.assert(
      fc.property(rowCounts, viewHeights, fc.double({ min: 0, max: 1, noNaN: true }), (rows, height, share) => {
        const scale = scrollScale(rows, height);
        const position = share * scale.maxPosition;
        const back = positionAt(scale, scrollTopFor(scale, position));
        expect(Math.abs(back - position)).toBeLessThanOrEqual(1e-9 * Math.max(1, scale.maxPosition));
      }),
    );
  });

  test('a long result reaches each single row', () => {
    const scale = scrollScale(2_000_000_000, 352);
    expect(scale.scaled).toBe(true);
    for (const row of [0, 1, 999_999_999, 1_999_999_983]) {
      expect(visibleRows(scale, row).first).toBe(row);
    }
  });
});

describe('moving', () => {
  test('a row is shown with the least movement', () => {
    fc.assert(
      fc.property(rowCounts, viewHeights, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (rows, height, seed, share) => {
        fc.pre(rows > 0);
        const scale = scrollScale(rows, height);
        const row = seed % rows;
        const position = share * scale.maxPosition;
        const shown = positionShowing(scale, position, row);
        expect(shown).toBeGreaterThanOrEqual(0);
        expect(shown).toBeLessThanOrEqual(Math.max(scale.maxPosition, row));
        expect(row).toBeGreaterThanOrEqual(shown - 1e-6);
        if (rows * ROW_HEIGHT >= height) expect(row + 1).toBeLessThanOrEqual(shown + height / ROW_HEIGHT + 1e-6);
        if (row >= position && row + 1 <= position + height / ROW_HEIGHT) expect(shown).toBe(position);
      }),
    );
  });

  test('a page keeps one row of the last', () => {
    expect(pageStep(scrollScale(1000, 16 * ROW_HEIGHT))).toBe(15);
    expect(pageStep(scrollScale(1000, 1))).toBe(1);
  });
});
