import { expect, it } from 'vitest';
import {
  ageText,
  ENTRY_COLUMNS,
  entryRows,
  RUNNING_COLUMNS,
  runningRows,
  SPILL_COLUMNS,
  STATEMENT_COLUMNS,
  spillRows,
  spillText,
  statementRows,
} from '../../../client/monitor/activityRows.ts';

const QUERY = {
  id: 3,
  sessionId: 'terminal-1',
  sql: 'select 1',
  elapsedMs: 12_345,
  rows: 0,
  grownBytes: 0,
  statementIndex: 0,
  statementCount: 1,
};
const ENTRY = {
  id: 7,
  sql: 'from t',
  sources: ['a', 'b'],
  rows: 1_000,
  bytes: 2048,
  ageMs: 59_000,
  hits: 2,
  costMs: 40,
  proof: 'same plan',
};

it('a running query: who, what, how long, how far', () => {
  const query = { ...QUERY, percent: 40.6, rows: 1_204, grownBytes: 3_000_000, statementIndex: 1, statementCount: 3 };
  expect(runningRows([query], { 'terminal-1': 'terminal 1' }, () => 12_000)).toEqual([
    {
      key: '3',
      cells: ['terminal 1', 'select 1', '12.3 s', 'statement 2 of 3 · 40 % · about 12 s left', '1,204', 'about 2.86 MiB'],
      bar: { cell: 3, share: 0.406 },
    },
  ]);
});

it('one of which little is known, other work than SQL, and one that is cancelled', () => {
  const none = () => undefined;
  expect(runningRows([QUERY], {}, none)[0]?.cells).toEqual(['terminal-1', 'select 1', '12.3 s', '', '', '']);
  expect(runningRows([{ ...QUERY, sql: '', label: 'export to a.csv' }], {}, none)[0]?.cells[1]).toBe('export to a.csv');
  expect(runningRows([{ ...QUERY, label: 'profile' }], {}, none)[0]?.cells[1]).toBe('profile: select 1');
  const cancelled = runningRows([{ ...QUERY, percent: 40, cancelledFrom: 'the Kodiak Monitor' }], {}, none)[0];
  expect(cancelled).toMatchObject({ faded: true, cells: expect.arrayContaining(['cancelled from the Kodiak Monitor']) });
  expect(cancelled?.bar).toBeUndefined();
});

it('entries of the cache grow older while nobody tells of them', () => {
  const [entry, outdated] = entryRows(
    [ENTRY, { ...ENTRY, id: 8, sources: [], outdated: true }].map((one) => ({ outdated: false, ...one })),
    2_000,
  );
  expect(entry).toEqual({ key: '7', cells: ['from t', 'same plan', 'a, b', '2', '1,000', '2 KiB', '40 ms', '1 min'] });
  expect(outdated).toMatchObject({ faded: true, cells: expect.arrayContaining(['–']) });
  const many = [{ ...ENTRY, outdated: false, sources: ['a', 'b', 'c', 'd', 'e'] }];
  expect(entryRows(many, 0)[0]?.cells[2]).toBe('a, b, c and 2 more');
});

it('statements that only the cache has answered have no time of their own', () => {
  const total = { sql: 'from t', sessionId: 'x', runs: 0, longestMs: 0, hits: 3, savedMs: 1_234, lastAt: 0 };
  expect(statementRows([total], { x: 'notebook x' })[0]?.cells).toEqual(['from t', '–', '0', '3', '1.23 s', 'notebook x']);
});

it('spill files and their sum', () => {
  expect(spillRows([{ name: 'duckdb_temp_0', bytes: 1024, changedAt: 0 }])[0]?.cells.slice(0, 2)).toEqual(['duckdb_temp_0', '1 KiB']);
  expect(spillText(0, 0, 0, '')).toMatch(/^Nothing is on disk/);
  expect(spillText(1, 1024, 1, '/tmp/k')).toBe('1 file, 1 KiB in /tmp/k');
  expect(spillText(1_200, 2048, 100, '/tmp/k')).toBe('1,200 files, 2 KiB in /tmp/k, the largest 100 of them here');
});

it('each row has a cell for each column', () => {
  const total = { sql: '', sessionId: '', runs: 1, longestMs: 1, hits: 0, savedMs: 0, lastAt: 0 };
  expect(runningRows([QUERY], {}, () => 1)[0]?.cells.length).toBe(RUNNING_COLUMNS.length);
  expect(statementRows([total], {})[0]?.cells.length).toBe(STATEMENT_COLUMNS.length);
  expect(entryRows([{ ...ENTRY, outdated: false }], 0)[0]?.cells.length).toBe(ENTRY_COLUMNS.length);
  expect(spillRows([{ name: '', bytes: 0, changedAt: 0 }])[0]?.cells.length).toBe(SPILL_COLUMNS.length);
});

it('ages are in whole units', () => {
  expect([-1, 0, 59_999, 60_000, 3_599_000, 3_600_000, 90_000_000].map(ageText)).toEqual([
    '0 s',
    '0 s',
    '59 s',
    '1 min',
    '59 min',
    '1 h',
    '25 h',
  ]);
});
