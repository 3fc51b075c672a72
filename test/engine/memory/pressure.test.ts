import { describe, expect, it } from 'vitest';
import { judgePressure } from '../../../engine/memory/pressure.ts';

const GIB = 2 ** 30;
const calm = { totalBytes: 16 * GIB, availableBytes: 8 * GIB };
const quiet = { some: 0, full: 0 };

describe('judgePressure', () => {
  it('names all sources when there is none', () => {
    expect(judgePressure({ stalls: quiet, machine: calm, group: calm })).toEqual({
      level: 'none',
      source: 'stalled tasks, control group, available memory',
      missingBytes: 0,
    });
    expect(judgePressure({ stalls: undefined, machine: undefined, group: undefined })).toMatchObject({ level: 'none', source: 'unknown' });
  });

  it.each([
    [{ some: 4.9, full: 0 }, 'none'],
    [{ some: 5, full: 0 }, 'some'],
    [{ some: 20, full: 0 }, 'high'],
    [{ some: 1, full: 5 }, 'high'],
  ])('calls stalls of %j %s', (stalls, level) => {
    expect(judgePressure({ stalls, machine: calm, group: undefined }).level).toBe(level);
  });

  it.each([
    [0.11, 'none'],
    [0.09, 'some'],
    [0.04, 'high'],
  ])('calls a share of %d available %s, and says what is missing to a tenth', (share, level) => {
    const judged = judgePressure({ stalls: undefined, machine: { totalBytes: 1000, availableBytes: 1000 * share }, group: undefined });
    expect(judged.level).toBe(level);
    expect(judged.missingBytes).toBe(level === 'none' ? 0 : Math.ceil(100 - 1000 * share));
  });

  it('takes the worst source', () => {
    const group = { totalBytes: GIB, availableBytes: 0.01 * GIB };
    expect(judgePressure({ stalls: { some: 6, full: 0 }, machine: calm, group })).toMatchObject({ level: 'high', source: 'control group' });
  });
});
