import { expect, test } from 'vitest';
import { footerText, noticeText } from '../../../client/renderer/footerText.ts';

const state = {
  rowCount: 1_204_331,
  columnCount: 10,
  complete: true,
  truncated: false,
  note: '0.42 s · computed',
};

test('a complete result', () => {
  expect(footerText(state)).toBe('1,204,331 rows × 10 columns · 0.42 s · computed');
  expect(footerText({ ...state, rowCount: 1, columnCount: 1 })).toBe('1 row × 1 column · 0.42 s · computed');
});

test('hidden columns are told', () => {
  expect(footerText({ ...state, hidden: 2 })).toBe('1,204,331 rows × 10 columns, 2 hidden · 0.42 s · computed');
  expect(footerText({ ...state, hidden: 0 })).toBe(footerText(state));
});

test('one that still grows, and one that was cut', () => {
  expect(footerText({ ...state, complete: false, note: 'running…' })).toBe('1,204,331 rows so far × 10 columns · running…');
  expect(footerText({ ...state, truncated: true })).toMatch(/^first 1,204,331 rows ×/);
});

test('rows that cannot be had', () => {
  const reason = 'The rows of this result were dropped: run it again to see them.';
  expect(noticeText({ rowCount: 1000, reason: 'These rows are too large', rowsHere: undefined })).toBe('These rows are too large.');
  expect(noticeText({ rowCount: 1000, reason, rowsHere: 200 })).toBe(`${reason} The first 200 rows are still here.`);
  expect(noticeText({ rowCount: 1000, reason, rowsHere: 1 })).toBe(`${reason} The first 1 row is still here.`);
  expect(noticeText({ rowCount: 5, reason, rowsHere: 5 })).toBe(reason);
  expect(noticeText({ rowCount: 1000, reason, rowsHere: 0 })).toBe(reason);
});
