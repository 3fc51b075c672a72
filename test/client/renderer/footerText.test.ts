import { expect, test } from 'vitest';
import { footerText } from '../../../client/renderer/footerText.ts';

const state = {
  rowCount: 1_204_331,
  columnCount: 10,
  complete: true,
  truncated: false,
  note: '0.42 s · fresh run',
  problem: '',
  gone: undefined,
};

test('a complete result', () => {
  expect(footerText(state)).toBe('1,204,331 rows × 10 columns · 0.42 s · fresh run');
  expect(footerText({ ...state, rowCount: 1, columnCount: 1 })).toBe('1 row × 1 column · 0.42 s · fresh run');
});

test('one that still grows, and one that was cut', () => {
  expect(footerText({ ...state, complete: false, note: 'running…' })).toBe('1,204,331 rows so far × 10 columns · running…');
  expect(footerText({ ...state, truncated: true })).toMatch(/^first 1,204,331 rows ×/);
});

test('rows that cannot be had', () => {
  expect(footerText({ ...state, problem: 'These rows are too large.' })).toMatch(/\nThese rows are too large\.$/);
  expect(footerText({ ...state, gone: { rowsHere: 200 } })).toMatch(
    /\nThis result is gone: run the cell again; the first 200 rows are still here\.$/,
  );
  expect(footerText({ ...state, rowCount: 5, gone: { rowsHere: 5 } })).toMatch(/\nThis result is gone: run the cell again\.$/);
});
