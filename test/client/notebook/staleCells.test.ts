import { describe, expect, it } from 'vitest';
import { cellStates, type RanCell, staleCells, type WatchedCell } from '../../../client/notebook/staleCells.ts';
import { stateText } from '../../../client/notebook/staleText.ts';
import type { WireEffects, WireFreshness } from '../../../server/protocol/freshness.ts';

const nothing: WireEffects = { reads: [], writes: [], session: false, ddl: false, defines: [], settings: false };
const fresh: WireFreshness = { state: 'fresh' };
const done: WireFreshness = { state: 'done' };
const orders = (by?: { session: string; origin?: string; sql: string }): WireFreshness => ({
  state: 'stale',
  change: { kind: 'table', name: 'shop.main.orders', at: 0, ...(by && { by }) },
});

function ran(
  text: string,
  effects: Partial<WireEffects>,
  freshness: WireFreshness | 'not said' = fresh,
  more: Partial<RanCell> = {},
): WatchedCell {
  return {
    name: 'a cell',
    text,
    ran: {
      text,
      failed: false,
      statements: [{ effects: { ...nothing, ...effects }, freshness: freshness === 'not said' ? undefined : freshness }],
      ...more,
    },
  };
}

const edited = (cell: WatchedCell): WatchedCell => ({ ...cell, text: `${cell.text} -- more` });
const kinds = (cells: readonly WatchedCell[]) => cellStates(cells).map(({ kind }) => kind);

const create = ran('create or replace table t as from orders', { reads: ['shop.main.orders'], writes: ['shop.main.t'], ddl: true });
const view = ran('create view v as from t', { ddl: true, defines: ['v'] }, done);
const insert = ran('insert into t values (1)', { writes: ['shop.main.t'] }, done);
const readT = ran('from t', { reads: ['shop.main.t'] });
const readV = ran('select * from "V"', { reads: ['shop.main.t'] });
const readOther = ran('from other', { reads: ['shop.main.other'] });

describe('cell states', () => {
  it('are fresh only where the engine says so', () => {
    expect(kinds([readT, { name: 'new', text: 'from t' }, ran('from t', {}, 'not said'), ran('insert into t', {}, done)])).toEqual([
      'fresh',
      'neverRun',
      'unknown',
      'done',
    ]);
    expect(cellStates([ran('from t', {}, { state: 'unknown', reason: 'its session is busy', passing: true })])).toEqual([
      { kind: 'unknown', reason: 'its session is busy', passing: true },
    ]);
    expect(kinds([ran('from t', {}, fresh, { failed: true })])).toEqual(['failed']);
  });

  it('are stale after an edit, but not for white space around the text', () => {
    expect(kinds([edited(readT), { ...readT, text: '\nfrom t\n' }])).toEqual(['stale', 'fresh']);
  });

  it.each<[string, WatchedCell, WatchedCell, boolean]>([
    ['a table that it wrote', create, readT, true],
    ['another table', create, readOther, false],
    ['a view by its name, in any case', view, readV, true],
    ['a name that only begins alike', view, ran('from v2', { reads: ['shop.main.v2'] }), false],
    ['rows added to its table', create, insert, true],
    ['what reads no one knows what', create, ran('from mystery()', { reads: 'unknown' }), true],
    ['anything, after what may change anything', ran('commit', { writes: 'unknown' }, done), readOther, true],
    ['anything, after a setting', ran('set threads = 1', { settings: true }, done), readOther, true],
    ['nothing, after a query', readOther, readOther, false],
  ])('spread to what uses %s', (_, earlier, later, spreads) => {
    expect(kinds([edited(earlier), later])).toEqual(['stale', spreads ? 'stale' : expect.not.stringMatching('stale')]);
    expect(kinds([earlier, later])).not.toContain('stale');
    // A cell never depends on one that comes after it.
    expect(kinds([later, edited(earlier)])[0]).not.toBe('stale');
  });

  it('spread along a chain, with the nearest cell as the reason', () => {
    const cells = [
      {
        ...create,
        ran: { ...create.ran, statements: [{ effects: create.ran?.statements[0]?.effects ?? nothing, freshness: orders() }] },
      } as WatchedCell,
      insert,
      readT,
      readOther,
    ];
    const states = cellStates(cells);
    expect(states).toEqual([
      { kind: 'stale', reason: { kind: 'changed', change: { kind: 'table', name: 'shop.main.orders', at: 0 } } },
      { kind: 'stale', reason: { kind: 'builtOn', cell: 0 } },
      { kind: 'stale', reason: { kind: 'builtOn', cell: 1 } },
      { kind: 'fresh' },
    ]);
    expect(staleCells(states)).toEqual([0, 1, 2]);
  });
});

describe('what the line below a cell says', () => {
  const names = {
    cell: (index: number) => `cell ${index + 1}`,
    origin: (runId: string) => (runId === 'run 3' ? 'cell 3' : undefined),
    sessionId: 'file:///work/a.kodiak.sql',
    folder: '/work',
  };
  const said = (freshness: WireFreshness) => cellStates([ran('from t', {}, freshness)]).map((state) => stateText(state, names)?.text);
  const at = new Date(2026, 1, 3, 14, 2).getTime();

  it.each<[WireFreshness, string | undefined]>([
    [fresh, 'fresh'],
    [{ state: 'unknown', reason: 'random() can give another value each time' }, 'may differ: random() can give another value each time'],
    [{ state: 'unknown', reason: 'its session is busy', passing: true }, undefined],
    [orders({ session: names.sessionId, origin: 'run 3', sql: 'insert' }), 'stale: main.orders was changed by cell 3'],
    [orders({ session: names.sessionId, origin: 'older', sql: 'insert' }), 'stale: main.orders was changed by this notebook'],
    [orders({ session: 'terminal-77', sql: 'insert' }), 'stale: main.orders was changed by a terminal'],
    [orders({ session: 'file:///work/b%20c.kodiak.sql', sql: 'insert' }), 'stale: main.orders was changed by b c.kodiak.sql'],
    [orders(), 'stale: main.orders was changed by something outside of Kodiak'],
    [
      { state: 'stale', change: { kind: 'file', name: '/work/data/orders.parquet', at } },
      'stale: data/orders.parquet changed on disk at 14:02',
    ],
    [
      { state: 'stale', change: { kind: 'file', name: 'names like *.csv in /work/data', at } },
      'stale: the list of files *.csv in data changed on disk at 14:02',
    ],
    [
      { state: 'stale', change: { kind: 'table', name: 'temp of session 3.main.x', at } },
      'stale: the temporary table x was changed by something outside of Kodiak',
    ],
  ])('of %j', (freshness, text) => {
    expect(said(freshness)).toEqual([text]);
  });

  it('names the statement to those who point at it', () => {
    const [state] = cellStates([ran('from t', {}, orders({ session: 'terminal-1', sql: 'delete from orders' }))]);
    expect(state && stateText(state, names)?.detail).toBe(
      'This result is out of date: main.orders was changed by a terminal.\nThe statement: delete from orders',
    );
  });
});
