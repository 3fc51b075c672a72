import { describe, expect, test } from 'vitest';
import { historyLook, historyTooltip } from '../../../client/history/historyLook.ts';
import type { HistoryEntry } from '../../../server/protocol/history.ts';

const NOW = new Date(2026, 0, 2, 12, 0, 0);
const ENTRY: HistoryEntry = {
  id: 'a',
  at: new Date(2026, 0, 2, 3, 4, 5).toISOString(),
  who: { kind: 'notebook', name: 'sales.sql' },
  session: 's',
  database: ':memory:',
  sql: 'select\n  1',
  ms: 12,
  rows: 1,
  outcome: 'done',
};

describe('how a statement of the history looks', () => {
  test('is its text with when, how long, what came of it, and who', () => {
    expect(historyLook(ENTRY, NOW)).toEqual({
      label: 'select 1',
      description: '03:04:05 · 12 ms · 1 row · notebook sales.sql',
      icon: 'pass',
      color: 'testing.iconPassed',
      spoken: '1 row, select 1, 03:04:05, 12 ms, notebook sales.sql',
    });
    expect(historyLook({ ...ENTRY, how: { kind: 'proved', reason: 'x' } }, NOW)).toMatchObject({
      icon: 'zap',
      spoken: expect.stringMatching(/, proved$/),
    });
    expect(historyLook({ ...ENTRY, outcome: 'failed' }, NOW)).toMatchObject({ icon: 'error', spoken: expect.stringMatching(/^failed, /) });
    expect(historyLook({ ...ENTRY, outcome: 'cancelled' }, NOW)).toMatchObject({ icon: 'circle-slash' });
  });

  test('shows hostile texts and obeys none', () => {
    const look = historyLook(
      { ...ENTRY, sql: `select '\u202e\u001b[2J${'x'.repeat(10_000)}'`, who: { kind: 'sqlFile', name: 'a\u202e.sql' } },
      NOW,
    );
    expect(JSON.stringify(look)).not.toMatch(/\u202e|\\u001b/);
    expect(look.label.length).toBeLessThanOrEqual(300);
    const details = historyTooltip({ ...ENTRY, error: { code: 'sql', message: 'no\u202e' } }, NOW);
    expect(JSON.stringify(details)).not.toContain('\u202e');
  });
});
