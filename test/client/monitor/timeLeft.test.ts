import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeLeft, timeLeftText } from '../../../client/monitor/timeLeft.ts';

/** What is said at each step of a statement whose progress is a function of time. */
function said(
  percentAt: (ms: number) => number | undefined,
  untilMs: number,
  statementIndex = 0,
  left = new TimeLeft(),
): (number | undefined)[] {
  const answers: (number | undefined)[] = [];
  for (let ms = 0; ms <= untilMs; ms += 250) {
    const percent = percentAt(ms);
    answers.push(left.update({ elapsedMs: ms, statementIndex, ...(percent !== undefined && { percent }) }));
  }
  return answers;
}

describe('TimeLeft', () => {
  it('says nothing at first, and then what is left at an even pace', () => {
    const answers = said((ms) => ms / 200, 10_000);
    expect(answers.slice(0, 8)).toEqual(Array(8).fill(undefined));
    expect(answers.at(-1)).toBeCloseTo(10_000, -2);
    expect(answers.filter((answer) => answer !== undefined).length).toBeGreaterThan(25);
  });

  it('says nothing where DuckDB says nothing, or nothing moves', () => {
    expect(new Set(said(() => undefined, 10_000))).toEqual(new Set([undefined]));
    expect(new Set(said(() => 40, 10_000))).toEqual(new Set([undefined]));
    expect(new Set(said((ms) => ms / 10_000, 10_000))).toEqual(new Set([undefined]));
  });

  it('does not believe a pace that has just changed much', () => {
    const answers = said((ms) => (ms < 3_000 ? ms / 50 : 60 + (ms - 3_000) / 4_000), 20_000);
    expect(answers.at(-1)).toBeUndefined();
  });

  it('begins again with a statement, and with a pipeline that begins again', () => {
    const left = new TimeLeft();
    expect(said((ms) => ms / 200, 10_000, 0, left).at(-1)).toBeDefined();
    expect(left.update({ elapsedMs: 10_250, percent: 60, statementIndex: 1 })).toBeUndefined();
    const again = said((ms) => (ms < 8_000 ? ms / 100 : (ms - 8_000) / 100), 9_000);
    expect(again.at(-1)).toBeUndefined();
    expect(again.slice(12, 31)).not.toContain(undefined);
  });

  it('moves slowly: an uneven pace makes no jumps', () => {
    const answers = said((ms) => Math.min(99, ms / 200 + 2 * Math.sin(ms / 600)), 12_000).filter((answer) => answer !== undefined);
    for (const [index, answer] of answers.entries()) {
      const next = answers[index + 1];
      if (next !== undefined) expect(Math.abs(next - answer)).toBeLessThan(4_000);
    }
  });

  it('is never negative and never endless', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 60 }), (percents) => {
        const left = new TimeLeft();
        for (const [index, percent] of percents.entries()) {
          const answer = left.update({ elapsedMs: index * 250, percent, statementIndex: 0 });
          if (answer !== undefined) expect(answer >= 0 && Number.isFinite(answer)).toBe(true);
        }
      }),
    );
  });
});

describe('timeLeftText', () => {
  it('has few steps', () => {
    const texts = [300, 4_400, 18_600, 33_000, 89_000, 100_000, 1_200_000, 9_000_000].map(timeLeftText);
    expect(texts).toEqual([
      'about 1 s left',
      'about 4 s left',
      'about 19 s left',
      'about 35 s left',
      'about 90 s left',
      'about 2 min left',
      'about 20 min left',
      'about 3 h left',
    ]);
  });
});
