import { describe, expect, test } from 'vitest';
import { choiceText, EVERYTHING, filterOf, HistoryList, isFiltered } from '../../../client/history/historyList.ts';
import type { HistoryEntry } from '../../../server/protocol/history.ts';

function entry(id: string, more: Partial<HistoryEntry> = {}): HistoryEntry {
  const at = '2026-01-02T03:04:05.000Z';
  return { id, at, who: { kind: 'terminal' }, session: 's', database: ':memory:', sql: `select '${id}'`, ms: 1, outcome: 'done', ...more };
}

const ids = (list: HistoryList) => list.entries.map(({ id }) => id).join('');

describe('what the history view shows', () => {
  test('are pages, and what comes live above them, each once', () => {
    const list = new HistoryList();
    list.restart({ entries: [entry('d'), entry('c')], next: 'c' });
    list.append({ entries: [entry('b'), entry('a')] });
    expect([ids(list), list.next]).toEqual(['dcba', undefined]);
    // It was read already: the news and the page crossed.
    expect(list.grow([entry('e'), entry('d')], EVERYTHING)).toBe(true);
    expect(ids(list)).toBe('edcba');
    list.restart({ entries: [] });
    expect(ids(list)).toBe('');
  });

  test('are only those that were chosen', () => {
    const list = new HistoryList();
    const choice = { search: 'select', onlyFailed: true, who: ['Notebooks'] };
    const failed = { outcome: 'failed', who: { kind: 'notebook', name: 'a.sql' } } as const;
    expect(list.grow([entry('a'), entry('b', { outcome: 'failed' })], choice)).toBe(false);
    expect(list.grow([entry('c', failed), entry('d', { ...failed, sql: 'drop table t' })], choice)).toBe(true);
    expect(ids(list)).toBe('c');
    expect(filterOf(choice)).toEqual({ search: 'select', onlyFailed: true, who: ['notebook'] });
    expect(filterOf(EVERYTHING)).toEqual({ search: '', onlyFailed: false });
    expect([isFiltered(choice), isFiltered(EVERYTHING), isFiltered({ ...EVERYTHING, search: ' ' })]).toEqual([true, false, false]);
    expect(choiceText(choice)).toBe('failed and cancelled · Notebooks · “select”');
    expect(choiceText(EVERYTHING)).toBe('');
  });

  test('do not grow for ever', () => {
    const list = new HistoryList();
    for (let n = 0; n < 30; n++)
      list.grow(
        Array.from({ length: 100 }, (_, i) => entry(String(n * 100 + i).padStart(5, '0'))),
        EVERYTHING,
      );
    expect(list.entries).toHaveLength(2000);
    expect([list.entries[0]?.id, list.next]).toEqual(['02999', '01000']);
  });
});
