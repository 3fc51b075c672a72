import { expect, test } from 'vitest';
import { RestartBudget } from '../../client/restartBudget.ts';

test('a number of restarts within a window', () => {
  const budget = new RestartBudget(2, 1000);
  expect([0, 400, 900, 1000, 1100, 1400].map((at) => budget.take(at))).toEqual([true, true, false, true, false, true]);
});

test('a cleared budget is whole again', () => {
  const budget = new RestartBudget(1, 1000);
  expect(budget.take(0)).toBe(true);
  budget.clear();
  expect(budget.take(1)).toBe(true);
});
