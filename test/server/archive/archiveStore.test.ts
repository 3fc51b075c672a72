import { existsSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ArchiveStore } from '../../../server/archive/archiveStore.ts';
import { type ArchivedCell, cellFile, cellKey } from '../../../server/protocol/archive.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const MINUTE_MS = 60_000;

/** A folder with stores on it, a clock, and short ways to keep and look. */
function setUp({ maxBytes = 1_000_000, maxCells = 100 } = {}) {
  const folder = join(temporaryFolder(), 'archive');
  const clock = { now: Date.now() };
  const lines: string[] = [];
  const make = () => {
    const store = new ArchiveStore({ folder, maxBytes, maxCells, log: (line) => lines.push(line), now: () => clock.now });
    store.open();
    return store;
  };
  return { folder, clock, lines, make, rows: () => names(join(folder, 'rows')), cells: () => names(join(folder, 'cells')) };
}

function names(folder: string): string[] {
  return readdirSync(folder).sort();
}

function fingerprint(digit: string): string {
  return digit.repeat(64);
}

function key(sql: string, notebook = 'file:///a.sql'): string {
  return cellKey({ notebook, database: '', sql, occurrence: 0 });
}

function cellOf(resultIds: readonly string[], ranAt = 1): ArchivedCell {
  const statements = resultIds.map((resultId) => ({
    start: 0,
    end: 8,
    kind: 'SELECT',
    elapsedMs: 1,
    result: {
      resultId,
      columns: [{ name: 'a', type: 'INTEGER' }],
      rowCount: 1,
      complete: true,
      truncated: false,
      preview: [[1]],
      provenance: { kind: 'run', reason: 'kept' },
    },
  }));
  return { ranAt, outcome: { statements: statements as ArchivedCell['outcome']['statements'], elapsedMs: 1 }, stored: {}, readings: [] };
}

/** Keeps a cell with rows of so many bytes, by fingerprint. */
function keep(store: ArchiveStore, sql: string, rows: Readonly<Record<string, number>>, resultId = `of ${sql}`): void {
  const written = Object.entries(rows).map(([digit, bytes], index) => {
    const path = store.temporaryRows();
    writeFileSync(path, digit.repeat(bytes));
    return { resultId: index === 0 ? resultId : `${resultId} ${index}`, fingerprint: fingerprint(digit), path };
  });
  store.put(key(sql), cellOf(written.map((row) => row.resultId)), written);
}

describe('the store of archived outputs', () => {
  it('keeps a cell with the rows of another, which stay when that one has others', () => {
    const { make, rows } = setUp();
    const store = make();
    keep(store, 'select 1', { a: 10 }, 'first');
    const pin = cellKey({ notebook: 'file:///a.sql', database: '', sql: 'select 1', occurrence: 0, pin: 'first' });
    expect(pin).not.toBe(key('select 1'));
    store.putAgain(pin, cellOf(['first'], 2), [{ resultId: 'first', fingerprint: fingerprint('a') }]);
    keep(store, 'select 1', { b: 10 }, 'second');
    expect(rows()).toEqual([`${fingerprint('a')}.duckdb`, `${fingerprint('b')}.duckdb`]);
    expect(make().find('first')).toMatchObject({ fingerprint: fingerprint('a'), cell: { ranAt: 2 } });
    store.drop(pin);
    expect(store.find('first')).toBeUndefined();
    expect(rows()).toEqual([`${fingerprint('b')}.duckdb`]);
  });

  it('gives a cell back by its place, and rows by their handle', () => {
    const { make, folder } = setUp();
    keep(make(), 'select 1', { a: 10 });
    const other = make();
    expect(other.read(key('select 1'))).toEqual(cellOf(['of select 1']));
    expect(other.read(key('select 1', 'file:///b.sql'))).toBeUndefined();
    const found = other.find('of select 1');
    expect(readFileSync(found?.path ?? '', 'utf8')).toBe('aaaaaaaaaa');
    expect(other.find('unknown')).toBeUndefined();
    expect(existsSync(cellFile(folder, key('select 1')))).toBe(true);
  });

  it('is private, and names files by hashes only', () => {
    const { make, folder, rows, cells } = setUp();
    keep(make(), 'select secret', { a: 10 });
    for (const name of ['', 'rows', 'cells']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o700);
    for (const name of rows()) expect(statSync(join(folder, 'rows', name)).mode & 0o777).toBe(0o600);
    for (const name of cells()) expect(statSync(join(folder, 'cells', name)).mode & 0o777).toBe(0o600);
    expect([...rows(), ...cells()].join()).toMatch(/^a{64}\.duckdb,[0-9a-f]{64}\.json$/);
  });

  it('has equal rows once, and keeps them as long as a cell needs them', () => {
    const { make, rows } = setUp();
    const store = make();
    keep(store, 'select 1', { a: 10 });
    keep(store, 'select 2', { a: 10, b: 10 });
    expect(rows()).toHaveLength(2);
    keep(store, 'select 2', { c: 10 });
    expect(rows()).toEqual([`${fingerprint('a')}.duckdb`, `${fingerprint('c')}.duckdb`]);
    keep(store, 'select 1', { c: 10 });
    expect(rows()).toEqual([`${fingerprint('c')}.duckdb`]);
    expect([store.find('of select 1')?.path, store.find('of select 2')?.path]).toEqual(Array(2).fill(store.find('of select 1')?.path));
  });

  it('lets the cells go that were not used for longest when bytes or cells are more than the quota', () => {
    const { make, clock, rows, cells, folder } = setUp({ maxBytes: 40_000, maxCells: 3 });
    const store = make();
    for (const [index, digit] of ['a', 'b', 'c'].entries()) {
      keep(store, `select ${index}`, { [digit]: 12_000 });
      const then = (clock.now - (10 - index) * MINUTE_MS) / 1000;
      utimesSync(cellFile(folder, key(`select ${index}`)), then, then);
    }
    expect(rows()).toHaveLength(3);
    store.used(key('select 0'));
    clock.now += MINUTE_MS;
    keep(store, 'select 3', { d: 12_000 });
    expect([0, 1, 2, 3].map((index) => store.read(key(`select ${index}`)) !== undefined)).toEqual([true, false, true, true]);
    expect(rows().map((name) => name[0])).toEqual(['a', 'c', 'd']);
    keep(store, 'select 4', { e: 10 });
    expect(cells()).toHaveLength(3);
  });

  it('passes over what is damaged or of another version, says so, and removes it', () => {
    const { make, folder, lines, cells } = setUp();
    const store = make();
    for (const sql of ['half', 'text', 'later', 'empty', 'body', 'good']) keep(store, sql, { a: 10 });
    const path = (sql: string) => cellFile(folder, key(sql));
    truncateSync(path('half'), 60);
    writeFileSync(path('text'), 'nothing\nof\nours');
    writeFileSync(path('later'), readFileSync(path('later'), 'utf8').replace('"version":1', '"version":2'));
    writeFileSync(path('empty'), '');
    writeFileSync(path('body'), readFileSync(path('body'), 'utf8').replace('"statements"', '"sentences"'));
    const fresh = make();
    expect(fresh.read(key('good'))).toBeDefined();
    for (const sql of ['half', 'text', 'later', 'empty', 'body']) expect(fresh.read(key(sql)), sql).toBeUndefined();
    expect(cells()).toHaveLength(1);
    expect(lines).toHaveLength(5);
  });

  it('is as it was after a crash between any two steps, and takes the remains away later', () => {
    const { make, folder, clock, rows, cells } = setUp();
    const store = make();
    keep(store, 'select 1', { a: 10 });
    // Rows half written, rows that have their name although their cell was never written, and a cell half written.
    writeFileSync(store.temporaryRows(), 'half');
    writeFileSync(join(folder, 'rows', `${fingerprint('b')}.duckdb`), 'whole');
    writeFileSync(join(folder, 'cells', `${key('x')}.1.part`), '{"version"');
    expect(make().read(key('select 1'))).toBeDefined();
    expect([rows().length, cells().length]).toEqual([3, 2]);
    clock.now += 2 * MINUTE_MS;
    make();
    expect([rows().length, cells().length]).toEqual([2, 2]);
    clock.now += 90 * MINUTE_MS;
    make();
    expect([rows(), cells()]).toEqual([[`${fingerprint('a')}.duckdb`], [`${key('select 1')}.json`]]);
  });

  it('serves several at once: rows that another took away are written again or gone, never wrong', () => {
    const { make, folder } = setUp({ maxBytes: 30_000 });
    const [first, second] = [make(), make()];
    keep(first, 'select 1', { a: 10_000 });
    expect(second.find('of select 1')).toBeDefined();
    keep(second, 'select 1', { b: 10_000 }, 'newer');
    expect(first.find('of select 1')).toBeUndefined();
    expect(first.find('newer')).toBeDefined();
    keep(second, 'select 2', { c: 25_000 });
    expect(first.read(key('select 1'))).toBeUndefined();
    expect(first.find('newer')).toBeUndefined();
    keep(first, 'select 3', { b: 1000 });
    expect(statSync(join(folder, 'rows', `${fingerprint('b')}.duckdb`)).size).toBe(1000);
    expect(second.find('of select 3')).toBeDefined();
  });

  it('forgets everything, and says how much that was', () => {
    const { make, rows, cells } = setUp();
    const store = make();
    keep(store, 'select 1', { a: 10 });
    keep(store, 'select 2', { b: 10 });
    expect(make().clear()).toBe(2);
    expect([rows(), cells(), store.find('of select 1'), store.read(key('select 2'))]).toEqual([[], [], undefined, undefined]);
    keep(store, 'select 1', { a: 10 });
    expect(store.find('of select 1')).toBeDefined();
  });
});
