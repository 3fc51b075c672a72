import { expect, test } from 'vitest';
import { type CellCommand, cellItems, columnItems } from '../../../client/renderer/gridMenus.ts';

const state = { name: 'a', sorted: false, pinned: false, hidden: 0, shown: 3, thousands: false };

test('a column can be done with what makes sense', () => {
  const labels = (more: Partial<typeof state>) => columnItems({ ...state, ...more }, () => undefined).map(({ label }) => label);
  expect(labels({})).toContain('Pin to the Left');
  expect(labels({})).not.toContain('Remove from the Order');
  expect(labels({ pinned: true, sorted: true, hidden: 2 })).toEqual(
    expect.arrayContaining(['Unpin', 'Remove from the Order', 'Show All Columns (2 hidden)']),
  );
  expect(labels({ shown: 1 })).not.toContain('Hide');
  expect(columnItems({ ...state, thousands: true }, () => undefined).at(-1)?.checked).toBe(true);
});

test('every item of a cell does what it says', () => {
  const done: CellCommand[] = [];
  const items = cellItems('a', (command) => done.push(command));
  for (const { run } of items) run();
  expect(done).toHaveLength(items.length);
  expect(done).toContainEqual({ copyAs: 'python' });
  expect(done).toContain('open');
});
