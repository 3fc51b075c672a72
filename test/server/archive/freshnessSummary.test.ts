import { expect, it } from 'vitest';
import type { Freshness } from '../../../engine/types.ts';
import { summary } from '../../../server/archive/freshnessSummary.ts';

const FRESH: Freshness = { state: 'fresh' };
const DONE: Freshness = { state: 'done' };
const UNKNOWN: Freshness = { state: 'unknown', reason: 'it calls random()' };

function stale(kind: 'table' | 'file' | 'database' | 'names' | 'anything', name?: string): Freshness {
  return { state: 'stale', change: { kind, at: 1, ...(name !== undefined && { name }) } };
}

it('claims nothing of a cell that cannot be claimed of each of its statements', () => {
  expect(summary([])).toEqual({ state: 'done', reason: '' });
  expect(summary([DONE])).toEqual({ state: 'done', reason: '' });
  expect(summary([DONE, FRESH])).toEqual({ state: 'unchanged', reason: '' });
  expect(summary([FRESH, UNKNOWN, DONE])).toEqual({ state: 'unknown', reason: 'it calls random()' });
  expect(summary([FRESH, UNKNOWN, stale('file', '/data/orders.parquet')])).toEqual({
    state: 'changed',
    reason: 'orders.parquet changed since',
  });
});

it('names what changed as a person knows it', () => {
  const reasons = [
    stale('table', 'data.main.orders'),
    stale('file', 'C:\\data\\a.csv'),
    stale('file', 'names like *.csv in /data'),
    stale('file'),
    stale('database', 'data'),
    stale('anything'),
    stale('names'),
  ].map((freshness) => summary([freshness]).reason);
  expect(reasons).toEqual([
    'main.orders changed since',
    'a.csv changed since',
    'the list of files *.csv changed since',
    'a file changed since',
    'the database data changed since',
    'its database changed since',
    'names in it mean something else now',
  ]);
});
