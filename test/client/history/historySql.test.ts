import { describe, expect, test } from 'vitest';
import { historyCells, historyScript, mayChange } from '../../../client/history/historySql.ts';
import type { HistoryEntry } from '../../../server/protocol/history.ts';

function entry(id: string, sql: string, more: Partial<HistoryEntry> = {}): HistoryEntry {
  const at = new Date(2026, 0, 2, 3, 4, 5).toISOString();
  return { id, at, who: { kind: 'terminal' }, session: 's', database: ':memory:', sql, ms: 1, outcome: 'done', ...more };
}

describe('SQL of the history', () => {
  test('stands in the order in which it ran, with a word on what is not whole', () => {
    const masked = entry('2', "set password = '***'", { redacted: true });
    expect(historyScript([masked, entry('1', 'select 1')])).toBe(
      "select 1;\n\n-- The history does not have the secrets of this statement; '***' stands in their places.\nset password = '***';\n",
    );
  });

  test('makes a notebook', () => {
    const cells = historyCells(
      [entry('2', 'select 2'), entry('1', 'select 1', { who: { kind: 'notebook', name: 'a_b.sql' } })],
      new Date(2026, 0, 2),
    );
    expect(cells).toEqual([
      { kind: 'markup', text: '# From the query history\n\n03:04:05, notebook a\\_b.sql, terminal' },
      { kind: 'code', text: 'select 1;' },
      { kind: 'code', text: 'select 2;' },
    ]);
    expect(historyCells([], new Date())).toEqual([]);
  });

  test.each([
    ['select 1', false],
    ['from t', false],
    ['set threads = 2', false],
    ['explain select 1', false],
    ['insert into t values (1)', true],
    ['with a as (select 1) delete from t', true],
    ['drop table t', true],
    ['EXPLAIN ANALYZE insert into t values (1)', true],
    ['whatever', true],
  ])('%j may change something: %s', (sql, changes) => expect(mayChange(entry('1', sql))).toBe(changes));
});
