import { describe, expect, it } from 'vitest';
import { asOfText } from '../../../client/monitor/asOfText.ts';

function at(...parts: [number, number, number, number, number]): number {
  const [year, month, day, hour, minute] = parts;
  return new Date(year, month - 1, day, hour, minute).getTime();
}

describe('asOfText', () => {
  it('says as much of a time as it takes to know it', () => {
    const now = at(2026, 11, 27, 15, 0);
    expect(asOfText(at(2026, 11, 27, 14, 2), now)).toBe('14:02');
    expect(asOfText(at(2026, 11, 27, 0, 0), now)).toBe('00:00');
    expect(asOfText(at(2026, 11, 26, 23, 59), now)).toBe('yesterday 23:59');
    expect(asOfText(at(2026, 11, 25, 9, 5), now)).toBe('25 Nov 09:05');
    expect(asOfText(at(2025, 11, 27, 14, 2), now)).toBe('27 Nov 2025 14:02');
  });

  it('knows yesterday across the ends of months and years, and on days of 23 and 25 hours', () => {
    expect(asOfText(at(2025, 12, 31, 23, 0), at(2026, 1, 1, 1, 0))).toBe('yesterday 23:00');
    expect(asOfText(at(2026, 3, 28, 12, 0), at(2026, 3, 29, 23, 0))).toBe('yesterday 12:00');
    expect(asOfText(at(2026, 10, 24, 1, 0), at(2026, 10, 25, 23, 59))).toBe('yesterday 01:00');
  });
});
