import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { WorkThreads } from '../../../engine/duckdb/workThreads.ts';

function recorded(most: number, set: (threads: number) => Promise<unknown> = async () => undefined) {
  const numbers: number[] = [];
  const threads = new WorkThreads(most, async (wanted) => {
    numbers.push(wanted);
    await set(wanted);
  });
  return { threads, numbers };
}

test('has all threads while work runs, and one afterwards', async () => {
  const { threads, numbers } = recorded(4);
  const during = await threads.spread(async () => [...numbers]);
  await setImmediate();
  expect(during).toEqual([4]);
  expect(numbers).toEqual([4, 1]);
});

test('keeps them until the last of several pieces of work has ended', async () => {
  const { threads, numbers } = recorded(8);
  let endLong = () => {};
  const long = threads.spread(() => new Promise<void>((resolve) => (endLong = resolve)));
  await threads.spread(async () => undefined);
  await setImmediate();
  expect(numbers).toEqual([8]);
  endLong();
  await long;
  await setImmediate();
  expect(numbers).toEqual([8, 1]);
});

test('gives them back when the work fails, and works on when they cannot be had', async () => {
  const failing = recorded(2);
  await expect(failing.threads.spread(async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await setImmediate();
  expect(failing.numbers).toEqual([2, 1]);
  const stuck = recorded(2, async () => Promise.reject(new Error('closing')));
  expect(await stuck.threads.spread(async () => 'done')).toBe('done');
  await setImmediate();
  expect(stuck.numbers).toEqual([2]);
});

test('are given back when nothing runs any more, also what did not ask for them', async () => {
  const { threads, numbers } = recorded(4);
  let endPage = () => {};
  const page = threads.hold(() => new Promise<void>((resolve) => (endPage = resolve)));
  await threads.spread(async () => undefined);
  await setImmediate();
  expect(numbers).toEqual([4]);
  endPage();
  await page;
  await setImmediate();
  expect(numbers).toEqual([4, 1]);
});

test('changes nothing where there is one thread', async () => {
  const { threads, numbers } = recorded(1);
  await threads.spread(async () => undefined);
  await setImmediate();
  expect(numbers).toEqual([]);
});
