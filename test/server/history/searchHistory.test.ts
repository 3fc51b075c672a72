import { describe, expect, it } from 'vitest';
import { searchHistory } from '../../../server/history/searchHistory.ts';
import { type HistoryEntry, historyLine } from '../../../server/protocol/history.ts';

function lines(...ids: readonly string[]): string {
  const at = '2026-01-02T03:04:05.000Z';
  const entries = ids.map(
    (id): HistoryEntry => ({ id, at, who: { kind: 'terminal' }, session: 's', database: ':memory:', sql: id, ms: 1, outcome: 'done' }),
  );
  return entries.map(historyLine).join('');
}

async function pages(texts: readonly string[], limit: number): Promise<string[]> {
  const found: string[] = [];
  for (let before: string | undefined = 'zzz'; before !== undefined; ) {
    const reading = (async function* () {
      yield* texts;
    })();
    const { entries, next } = await searchHistory(reading, { limit, before });
    found.push(entries.map(({ id }) => id).join(''));
    before = next;
  }
  return found;
}

describe('pages of the history', () => {
  it('are in the order of ends, whatever the order of lines, within a file and where two meet', async () => {
    const texts = [lines('h', 'g', 'i'), lines('c', 'd', 'f', 'e'), lines('a', 'b')];
    expect(await pages(texts, 2)).toEqual(['ih', 'gf', 'ed', 'cb', 'a']);
    // A process that was slow to write: its line stands in the file after the rename.
    expect(await pages([lines('d', 'h', 'i'), lines('a', 'b', 'c', 'e', 'f', 'g')], 2)).toEqual(['ih', 'gf', 'ed', 'cb', 'a']);
    expect(await pages([lines('f', 'g', 'a'), lines('b', 'c', 'd', 'e')], 3)).toEqual(['gfe', 'dcb', 'a']);
  });

  it('read an older file only when they need it, but for its end', async () => {
    let read = 0;
    const texts = (async function* () {
      for (const text of [lines('c', 'd'), lines('a', 'b'), lines('0')]) {
        read++;
        yield text;
      }
    })();
    expect((await searchHistory(texts, { limit: 1 })).entries.map(({ id }) => id)).toEqual(['d']);
    expect(read).toBe(2);
  });
});
