import { describe, expect, it } from 'vitest';
import { alignedUnit, binStep, unitEnd, unitFor, unitKey } from '../../../../engine/duckdb/chart/chartScale.ts';

const ms = (text: string) => Date.parse(text);

describe('units of time', () => {
  it('are as fine as can be read', () => {
    expect(unitFor(ms('2024-01-01'), ms('2025-12-31'), 1000)).toBe('day');
    expect(unitFor(ms('2024-01-01'), ms('2025-12-31'), 50)).toBe('month');
    expect(unitFor(ms('2024-01-01'), ms('2024-01-01T00:05'), 400)).toBe('second');
    expect(unitFor(ms('-200000-01-01') || -6e15, 8e15, 10)).toBe('year');
  });

  it('end where the next one begins', () => {
    expect(unitEnd(ms('2024-01-01'), 'quarter')).toBe(ms('2024-04-01'));
    expect(unitEnd(ms('1969-12-01'), 'month')).toBe(ms('1970-01-01'));
    expect(unitEnd(ms('2024-02-01'), 'year')).toBe(ms('2025-02-01'));
    expect(unitEnd(ms('2024-02-26'), 'week')).toBe(ms('2024-03-04'));
  });

  it('become coarser where all begin together', () => {
    expect(alignedUnit([ms('2024-01-01'), ms('2024-02-01')], 'day')).toBe('month');
    expect(alignedUnit([ms('2024-01-01'), ms('2020-01-01')], 'day')).toBe('year');
    expect(alignedUnit([ms('2024-01-01'), ms('2024-01-08')], 'day')).toBe('week');
    expect(alignedUnit([ms('2024-01-01'), ms('2024-01-02')], 'hour')).toBe('day');
    expect(alignedUnit([ms('2024-01-01')], 'day')).toBe('day');
    expect(alignedUnit([ms('2024-01-01'), ms('2024-01-03')], 'day')).toBe('day');
  });

  it('are whole numbers in SQL, counted from the first stretch or the year 0', () => {
    const time = { moment: 'm', ms: 't', ticks: undefined };
    const week = unitKey(time, ms('1969-12-31'), 0, 'week');
    expect(week.sql).toBe(`floor((t - ${ms('1969-12-29')}) / 604800000)::bigint`);
    expect(week.decode(1)).toBe(ms('1970-01-05'));
    const micros = { ...time, ticks: { sql: 'us', perUnit: 1000 } };
    expect(unitKey(micros, 5, 90_000_000, 'day').sql).toBe('(us - (0)) // 86400000000');
    expect(unitKey(micros, -8e15, 8e15, 'day').sql).toContain('::bigint');
    expect(unitKey({ ...time, ticks: { sql: 'd', perUnit: 1 / 86_400_000 } }, ms('1969-12-31'), 0, 'week').sql).toBe('(d - (-3)) // 7');
    expect(unitKey({ ...time, ticks: { sql: 'd', perUnit: 1 / 86_400_000 } }, 0, 0, 'hour').sql).toContain('::bigint');
    expect(unitKey(time, 0, 0, 'quarter').sql).toBe('year(m) * 4 + quarter(m) - 1');
    expect(unitKey(time, 0, 0, 'quarter').decode(1970 * 4 + 1)).toBe(ms('1970-04-01'));
    expect(unitKey(time, 0, 0, 'month').decode(69 * 12 + 11)).toBe(Date.parse('0069-12-01T00:00:00Z'));
    expect(unitKey(time, 0, 0, 'month').decode(-1)).toBe(Date.parse('-000001-12-01T00:00:00Z'));
    expect(unitKey(time, 0, 0, 'year').decode(300_000)).toBeNaN();
  });
});

describe('bins', () => {
  it('have widths that people like', () => {
    expect(binStep(0, 100, 10, false)).toBe(10);
    expect(binStep(0, 97, 10, false)).toBe(10);
    expect(binStep(3, 7, 30, false)).toBeCloseTo(0.2);
    expect(binStep(0, 5, 30, true)).toBe(1);
    expect(binStep(0, 1000, 30, true)).toBe(50);
    expect(binStep(-1.7e308, 1.7e308, 30, false)).toBe(2e307);
    expect(binStep(7, 7, 30, false)).toBeCloseTo(0.7);
  });
});
