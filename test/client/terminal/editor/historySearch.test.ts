import { describe, expect, test } from 'vitest';
import { HistorySearch } from '../../../../client/terminal/editor/historySearch.ts';
import { HistoryWalk, historyHint } from '../../../../client/terminal/editor/historyWalk.ts';

const ENTRIES = ['select 1;', 'from orders;', 'select 2;', '.tables', 'select 1;'];

describe('historyWalk', () => {
  test('goes through what begins alike, once each, and back to the text', () => {
    const walk = new HistoryWalk(ENTRIES, 'sel', 'sel');
    expect([walk.step('older'), walk.step('older'), walk.step('older')]).toEqual(['select 1;', 'select 2;', undefined]);
    expect([walk.step('newer'), walk.step('newer'), walk.step('newer')]).toEqual(['select 1;', 'sel', undefined]);
  });

  test('hints at the newest entry that begins so', () => {
    expect(historyHint(ENTRIES, 'select')).toBe(' 1;');
    expect(historyHint(ENTRIES, 'from o')).toBe('rders;');
    expect(historyHint(ENTRIES, 'select 1;')).toBe('');
    expect(historyHint(ENTRIES, ' ')).toBe('');
  });
});

describe('historySearch', () => {
  test('finds the newest first, goes on, and keeps what fits when more is typed', () => {
    const search = new HistorySearch(ENTRIES);
    search.look('sel');
    expect([search.match?.entry, search.position]).toEqual(['select 1;', '1 of 2']);
    expect([search.step('older'), search.match?.entry, search.step('older')]).toEqual([true, 'select 2;', false]);
    search.look('select');
    expect(search.match).toEqual({ entry: 'select 2;', start: 0, end: 6 });
    search.look('SELECT');
    expect([search.match, search.position]).toEqual([undefined, '']);
    search.look('');
    expect(search.match).toBeUndefined();
  });
});
