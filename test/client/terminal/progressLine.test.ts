import { describe, expect, test } from 'vitest';
import { progressText } from '../../../client/terminal/progressLine.ts';

describe('progressLine', () => {
  const progress = { runId: '1', elapsedMs: 0, rows: 0, statementIndex: 0, statementCount: 1 };

  test('tells what is known', () => {
    expect(progressText(1_240, undefined)).toBe('1.2 s · Ctrl+C cancels');
    expect(progressText(1_240, { ...progress, percent: 37.9, rows: 1_204_331 })).toBe('1.2 s · 37 % · 1,204,331 rows · Ctrl+C cancels');
    expect(progressText(125_000, progress)).toBe('2 min 5 s · Ctrl+C cancels');
  });
});
