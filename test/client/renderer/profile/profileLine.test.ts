import { expect, it } from 'vitest';
import { profileLine, rowsInView } from '../../../../client/renderer/profile/profileLine.ts';
import type { WireColumnProfile } from '../../../../server/protocol/requests.ts';

const PROFILE: WireColumnProfile = {
  name: 'n',
  type: 'VARCHAR',
  rowCount: 1000,
  nullCount: 1,
  distinctCount: 12_345,
  distinctIsApproximate: true,
  minimum: 'a',
  maximum: 'x'.repeat(100),
  quantilesAreApproximate: false,
  histogram: [],
  top: [
    { value: '<b>', count: 500 },
    { value: 'two\nlines', count: 100 },
  ],
};

it('says a column on one line, and marks what is estimated', () => {
  expect(profileLine(PROFILE)).toEqual({
    nulls: '0.1 %',
    distinct: '≈ 12,345',
    minimum: 'a',
    maximum: `${'x'.repeat(40)}…`,
    top: '<b> 50 % · two↵lines 10 %',
  });
  const unique: WireColumnProfile = { ...PROFILE, top: [{ value: 'a', count: 1 }] };
  expect(profileLine(unique).top).toBe('');
  const {
    minimum: _,
    maximum: __,
    ...empty
  } = { ...PROFILE, rowCount: 0, nullCount: 0, distinctCount: 0, distinctIsApproximate: false, top: [] };
  expect(profileLine(empty)).toEqual({ nulls: '0 %', distinct: '0', minimum: '', maximum: '', top: '' });
});

it('knows which rows are in view', () => {
  expect(rowsInView(0, 360, 36, 10_000)).toEqual({ first: 0, end: 12 });
  expect(rowsInView(3600, 360, 36, 10_000)).toEqual({ first: 98, end: 112 });
  expect(rowsInView(359_900, 360, 36, 10_000)).toEqual({ first: 9995, end: 10_000 });
  expect(rowsInView(0, 360, 36, 0)).toEqual({ first: 0, end: 0 });
});
