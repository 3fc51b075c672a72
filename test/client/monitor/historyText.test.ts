import { describe, expect, test } from 'vitest';
import {
  entryDetails,
  notRunnable,
  outcomeText,
  statementLine,
  stateText,
  whenText,
  whoText,
} from '../../../client/monitor/historyText.ts';
import type { HistoryEntry } from '../../../server/protocol/history.ts';

const NOW = new Date(2026, 0, 2, 12, 0, 0);
const ENTRY: HistoryEntry = {
  id: 'a',
  at: new Date(2026, 0, 2, 3, 4, 5).toISOString(),
  who: { kind: 'notebook', name: 'sales.sql' },
  session: 'file:///w/sales.sql',
  database: ':memory:',
  sql: 'select\n  1',
  ms: 12,
  rows: 1000,
  outcome: 'done',
};

describe('what the history says', () => {
  test('of an entry, in words', () => {
    expect(whenText(ENTRY.at, NOW)).toBe('03:04:05');
    expect(whenText(ENTRY.at, new Date(2026, 1, 2))).toBe('2026-01-02 03:04:05');
    expect(whenText('nonsense', NOW)).toBe('nonsense');
    expect(whoText({ kind: 'terminal' })).toBe('terminal');
    expect(outcomeText(ENTRY)).toBe('1,000 rows');
    expect(outcomeText({ ...ENTRY, changed: 1 })).toBe('1 row changed');
    expect(outcomeText({ ...ENTRY, outcome: 'cancelled' })).toBe('cancelled');
    expect(statementLine(ENTRY)).toBe('select 1');
  });

  test('of an entry, in full', () => {
    const error = { code: 'sql', message: 'no such table' } as const;
    const details = entryDetails(
      { ...ENTRY, how: { kind: 'bypass', reason: 'random()' }, error, parameters: { a: null, b: 'x' }, length: 30_000, redacted: true },
      NOW,
    );
    expect(Object.fromEntries(details)).toEqual({
      When: '03:04:05',
      Who: 'notebook sales.sql',
      Session: 'file:///w/sales.sql',
      Database: 'in memory',
      Took: '12 ms',
      Outcome: '1,000 rows',
      Cache: 'not cached: random()',
      Error: 'sql: no such table',
      Parameters: '$a, $b = x',
      Text: 'cut off: it had 30,000 characters',
      Secrets: "not recorded; '***' stands in their places",
    });
  });

  test('of what cannot be run again, and of the whole', () => {
    expect([notRunnable(ENTRY), notRunnable({ ...ENTRY, length: 9 }), notRunnable({ ...ENTRY, redacted: true })]).toEqual([
      undefined,
      expect.stringContaining('beginning'),
      expect.stringContaining('secrets'),
    ]);
    expect(stateText({ state: 'on' }, false)).toBeUndefined();
    expect(stateText({ state: 'off' }, false)).toContain('kodiak.history.enabled');
    expect(stateText({ state: 'off' }, true)).toContain('KODIAK_STATEMENT_HISTORY');
    expect(stateText({ state: 'stopped', problem: 'why' }, true)).toBe('why');
  });
});
