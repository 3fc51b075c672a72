import { expect, test } from 'vitest';
import { Coalesced } from '../../client/coalesced.ts';

function manual() {
  const runs: { finish: () => void; fail: () => void }[] = [];
  const action = () =>
    new Promise<void>((resolve, reject) => {
      runs.push({ finish: resolve, fail: () => reject(new Error('no')) });
    });
  return { runs, coalesced: new Coalesced(action) };
}

test('one runs and one waits, however many ask', async () => {
  const { runs, coalesced } = manual();
  const first = coalesced.request();
  const others = [coalesced.request(), coalesced.request(), coalesced.request()];
  expect(runs).toHaveLength(1);
  runs[0]?.finish();
  await first;
  await Promise.resolve();
  expect(runs).toHaveLength(2);
  runs[1]?.finish();
  await Promise.all(others);
  expect(runs).toHaveLength(2);
});

test('who asks while the second runs gets a third', async () => {
  const { runs, coalesced } = manual();
  const first = coalesced.request();
  const second = coalesced.request();
  runs[0]?.finish();
  await first;
  await Promise.resolve();
  const third = coalesced.request();
  runs[1]?.finish();
  await second;
  await Promise.resolve();
  expect(runs).toHaveLength(3);
  runs[2]?.finish();
  await third;
});

test('a failure is told to those who asked for it and does not stop the next', async () => {
  const { runs, coalesced } = manual();
  const first = coalesced.request();
  const second = coalesced.request();
  runs[0]?.fail();
  await expect(first).rejects.toThrow('no');
  await Promise.resolve();
  runs[1]?.finish();
  await expect(second).resolves.toBeUndefined();
});
