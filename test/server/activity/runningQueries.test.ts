import { expect, it } from 'vitest';
import { KodiakError } from '../../../engine/base/errors.ts';
import { RunningQueries } from '../../../server/activity/runningQueries.ts';

function runs() {
  const clock = { ms: 0 };
  return { clock, queries: new RunningQueries(() => clock.ms) };
}

it('lists what runs, the oldest first, with how far it is', () => {
  const { clock, queries } = runs();
  const first = queries.begin({ sessionId: 'a', sql: '  select 1  ' });
  clock.ms = 500;
  const second = queries.begin({ sessionId: 'b', sql: '', label: 'export to x.csv' });
  first.progress({ elapsedMs: 1, percent: 40, rows: 7, grownBytes: 9, statementIndex: 1, statementCount: 2 });
  expect(queries.list(10)).toEqual([
    { id: 1, sessionId: 'a', sql: 'select 1', elapsedMs: 500, percent: 40, rows: 7, grownBytes: 9, statementIndex: 1, statementCount: 2 },
    {
      id: 2,
      sessionId: 'b',
      label: 'export to x.csv',
      sql: '',
      elapsedMs: 0,
      rows: 0,
      grownBytes: 0,
      statementIndex: 0,
      statementCount: 1,
    },
  ]);
  expect([queries.list(1).length, queries.count]).toEqual([1, 2]);
  queries.end(first);
  queries.end(second);
  expect([queries.list(10), queries.count]).toEqual([[], 0]);
});

it('cuts a long text', () => {
  const { queries } = runs();
  queries.begin({ sessionId: 'a', sql: `select '${'x'.repeat(1_000_000)}'` });
  expect(queries.list(1)[0]?.sql).toMatch(/^select 'x+…$/);
  expect(queries.list(1)[0]?.sql.length).toBe(1_000);
});

it('cancels one, once, and says from where; other failures stay as they are', () => {
  const { queries } = runs();
  const run = queries.begin({ sessionId: 'a', sql: 'select 1' });
  const cancelled = new KodiakError('cancelled', 'The query was cancelled.');
  expect(run.explain(cancelled)).toBe(cancelled);
  expect(queries.cancel(99, 'here')).toBe(false);
  expect(queries.cancel(run.id, 'here')).toBe(true);
  queries.cancel(run.id, 'there');
  expect(run.signal.aborted).toBe(true);
  expect(queries.list(1)[0]?.cancelledFrom).toBe('here');
  expect(run.explain(cancelled)).toMatchObject({ code: 'cancelled', message: 'The query was cancelled from here.' });
  const other = new KodiakError('limit', 'Too much.');
  expect(run.explain(other)).toBe(other);
  queries.end(run);
  expect(queries.cancel(run.id, 'here')).toBe(false);
});
