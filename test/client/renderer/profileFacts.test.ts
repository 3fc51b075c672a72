import { describe, expect, it } from 'vitest';
import { profileFacts, shareText, topValues } from '../../../client/renderer/profileFacts.ts';
import type { WireColumnProfile } from '../../../server/protocol/requests.ts';

const profile: WireColumnProfile = {
  name: 'total',
  type: 'DOUBLE',
  rowCount: 2_000_000,
  nullCount: 1,
  distinctCount: 1204,
  distinctIsApproximate: true,
  minimum: 0,
  maximum: 'Infinity',
  quantiles: { p05: 1, p25: 2, p50: 3, p75: 4, p95: 5 },
  quantilesAreApproximate: true,
  histogram: [],
  top: [
    { value: '<img src=x>', count: 1_500_000 },
    { value: [1, 2], count: 10 },
    { value: `${'x'.repeat(1000)}…`, count: 1 },
  ],
};

function text(name: string, of: WireColumnProfile): string | undefined {
  return profileFacts(of).find((fact) => fact.name === name)?.text;
}

describe('the facts of a column', () => {
  it('mark what is approximate', () => {
    expect(text('distinct', profile)).toBe('≈ 1,204');
    expect(text('median', profile)).toBe('≈ 3');
    expect(text('distinct', { ...profile, distinctIsApproximate: false })).toBe('1,204');
    expect(text('median', { ...profile, quantilesAreApproximate: false })).toBe('3');
  });

  it('leave out what there is not', () => {
    const { minimum: _minimum, maximum: _maximum, quantiles: _quantiles, ...empty } = profile;
    expect(profileFacts({ ...empty, nullCount: 0 }).map(({ name }) => name)).toEqual(['type', 'rows', 'NULL', 'distinct']);
    expect(text('NULL', { ...profile, nullCount: 0 })).toBe('none');
  });

  it('give shares that are never 0 or 100 unless they are', () => {
    expect(text('NULL', profile)).toBe('1 (< 0.1 %)');
    expect([shareText(1, 3), shareText(999_999, 1_000_000), shareText(2, 2), shareText(0, 0)]).toEqual([
      '33.3 %',
      '> 99.9 %',
      '100 %',
      '0 %',
    ]);
  });
});

describe('frequent values', () => {
  it('are filters where they can be compared with', () => {
    const [image, list, cut] = topValues(profile, 7);
    expect(image).toEqual({
      text: '<img src=x>',
      count: '1,500,000 (75 %)',
      share: 1,
      filter: { column: 7, op: 'equals', values: ['<img src=x>'] },
    });
    expect([list?.text, list?.filter, cut?.filter]).toEqual(['[1,2]', undefined, undefined]);
  });

  it('are not told where no value is frequent', () => {
    expect(topValues({ ...profile, top: [{ value: 1, count: 1 }] }, 0)).toEqual([]);
    expect(topValues({ ...profile, rowCount: 1, top: [{ value: 1, count: 1 }] }, 0)).toHaveLength(1);
    expect(topValues({ ...profile, top: [] }, 0)).toEqual([]);
  });
});
