import { expect, it } from 'vitest';
import { ColumnProfiles } from '../../../../client/renderer/profile/columnProfiles.ts';
import type { WireColumnProfile } from '../../../../server/protocol/requests.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A reader whose columns are answered when told to. */
function open() {
  const asked: { column: number; signal: AbortSignal; answer: (profile: WireColumnProfile) => void; fail: (error: unknown) => void }[] = [];
  const changed: number[] = [];
  const profiles = new ColumnProfiles({
    read: (column, signal) => new Promise((answer, fail) => asked.push({ column, signal, answer, fail })),
    changed: (column) => changed.push(column),
  });
  return { asked, changed, profiles };
}

const profile = { name: 'a' } as WireColumnProfile;

it('reads the columns in view, two at a time, and keeps them', async () => {
  const { asked, changed, profiles } = open();
  profiles.look([0, 1, 2, 3]);
  expect(asked.map(({ column }) => column)).toEqual([0, 1]);
  asked[1]?.answer(profile);
  await turn();
  expect(asked.map(({ column }) => column)).toEqual([0, 1, 2]);
  expect(changed).toEqual([1]);
  expect(profiles.get(1)).toEqual({ kind: 'profile', profile });
  profiles.look([1]);
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false, true]);
  asked[0]?.fail(new Error('cancelled'));
  await turn();
  expect(profiles.get(0)).toBeUndefined();
  profiles.look([0, 1]);
  expect(asked.map(({ column }) => column)).toEqual([0, 1, 2, 0]);
});

it('tells of failures, and tries again when it is looked at anew', async () => {
  const { asked, profiles } = open();
  profiles.look([5]);
  asked[0]?.fail(Object.assign(new Error('The rows are gone.'), { gone: true }));
  await turn();
  expect(profiles.get(5)).toEqual({ kind: 'failed', message: 'The rows are gone.', gone: true });
  profiles.look([5]);
  expect(asked).toHaveLength(1);
  profiles.forgetFailures();
  profiles.look([5]);
  expect(asked).toHaveLength(2);
});
