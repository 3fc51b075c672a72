import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ArchivedCell, cellFile, cellKey, readCell } from '../../../server/protocol/archive.ts';
import {
  checkResults,
  dropResults,
  exportResult,
  fetchPage,
  forgetResults,
  freshnessChanged,
  keepResults,
  openView,
  profileColumn,
  type RunQueryResult,
  releaseResult,
  runQuery,
  watchFreshness,
} from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';
import type { RpcClient } from '../../support/rpcClient.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const NOTEBOOK = 'file:///notebook.kodiak.sql';

interface Kept {
  readonly outcome: RunQueryResult;
  readonly key: string;
}

/** Runs a cell and has its outputs kept, as a notebook does: the previews of results that it holds are left out. */
async function keep(client: RpcClient, sql: string, { database = '', occurrence = 0 } = {}): Promise<Kept> {
  const outcome = await client.request(runQuery, { runId: `${sql} ${occurrence}`, sessionId: NOTEBOOK, sql, pinned: true });
  const statements = outcome.statements.map((statement) => ({ ...statement, result: { ...statement.result, preview: [] } }));
  await client.request(keepResults, { notebook: NOTEBOOK, sql, occurrence, ranAt: 1000, outcome: { ...outcome, statements } });
  return { outcome, key: cellKey({ notebook: NOTEBOOK, database, sql, occurrence }) };
}

/** What is on the disk of a cell, once it is there. */
async function archived(folder: string, key: string): Promise<ArchivedCell> {
  return await expect
    .poll(
      () => {
        try {
          return readCell(readFileSync(cellFile(folder, key), 'utf8'));
        } catch {
          return undefined;
        }
      },
      { timeout: 15_000 },
    )
    .toBeDefined()
    .then(() => readCell(readFileSync(cellFile(folder, key), 'utf8')) as ArchivedCell);
}

function settings(folder: string, more: Record<string, unknown> = {}) {
  return { settings: { archiveFolder: folder, ...more } };
}

function idOf(kept: Kept, index = 0): string {
  return kept.outcome.statements[index]?.result.resultId ?? '';
}

describe('keepResults', () => {
  it('lets the next server serve rows, views, profiles and exports under the same handle', async () => {
    const folder = temporaryFolder();
    const first = await startEditor(settings(folder));
    const kept = await keep(first.client, "select range i, range % 7 m, 'row ' || range s from range(50000); select 'two' as t");
    const cell = await archived(folder, kept.key);
    expect(cell).toMatchObject({
      ranAt: 1000,
      outcome: { statements: [{ result: { rowCount: 50_000 } }, { result: { preview: [['two']] } }] },
    });
    expect(cell.outcome.statements[0]?.result.preview).toEqual(kept.outcome.statements[0]?.result.preview);
    await first.server.close();

    const { client } = await startEditor(settings(folder));
    const resultId = idOf(kept);
    expect((await client.request(fetchPage, { resultId, offset: 49_999, limit: 5 })).rows).toEqual([[49_999, 5, 'row 49999']]);
    expect(await client.request(fetchPage, { resultId: idOf(kept, 1), offset: 0, limit: 5 })).toMatchObject({
      rows: [['two']],
      rowCount: 1,
    });
    const view = await client.request(openView, { resultId, sort: [{ column: 0, descending: true }] });
    expect((await client.request(fetchPage, { resultId: view.resultId, offset: 0, limit: 1 })).rows).toEqual([[49_999, 5, 'row 49999']]);
    expect(await client.request(profileColumn, { resultId, column: 1 })).toMatchObject({ distinctCount: 7, rowCount: 50_000 });
    const path = join(folder, 'out.csv');
    expect(await client.request(exportResult, { resultId, path, format: 'csv', runId: 'x' })).toMatchObject({ rows: 50_000 });
    await client.request(releaseResult, { resultId });
    expect((await client.request(fetchPage, { resultId, offset: 7, limit: 1 })).rows).toEqual([[7, 0, 'row 7']]);
  });

  it('serves what was released or whose session ended, without opening a database', async () => {
    const folder = temporaryFolder();
    const { client } = await startEditor(settings(folder));
    const kept = await keep(client, 'from range(3000)');
    await archived(folder, kept.key);
    await client.request(releaseResult, { resultId: idOf(kept) });
    expect((await client.request(fetchPage, { resultId: idOf(kept), offset: 2999, limit: 1 })).rows).toEqual([[2999]]);
    const other = await startEditor(settings(folder, { database: join(folder, 'no folder', 'x.duckdb') }));
    expect((await other.client.request(fetchPage, { resultId: idOf(kept), offset: 5, limit: 1 })).rows).toEqual([[5]]);
  });

  it('tells equal cells of one notebook apart, and has equal rows once', async () => {
    const folder = temporaryFolder();
    const { client } = await startEditor(settings(folder));
    await client.request(runQuery, { runId: 'a', sessionId: NOTEBOOK, sql: 'create table t as select 1 a' });
    const first = await keep(client, 'select count(*) from t', { occurrence: 0 });
    await client.request(runQuery, { runId: 'b', sessionId: NOTEBOOK, sql: 'insert into t values (2)' });
    const second = await keep(client, 'select count(*) from t', { occurrence: 1 });
    const third = await keep(client, 'select count(*) from t', { occurrence: 2 });
    const previews = [];
    for (const { key } of [first, second, third]) previews.push((await archived(folder, key)).outcome.statements[0]?.result.preview);
    expect(previews).toEqual([[[1]], [[2]], [[2]]]);
    expect(readdirSync(join(folder, 'rows')).filter((name) => name.endsWith('.duckdb'))).toHaveLength(2);
  });

  it('keeps what came with its preview, and why a cell failed', async () => {
    const folder = temporaryFolder();
    const { client } = await startEditor(settings(folder));
    const sql = 'create table t (a integer); explain select 1; select 1; select nothing';
    const outcome = await client.request(runQuery, { runId: 'a', sessionId: NOTEBOOK, sql });
    for (const { result } of outcome.statements.slice(0, 2)) await client.request(releaseResult, { resultId: result.resultId });
    await client.request(keepResults, { notebook: NOTEBOOK, sql, occurrence: 0, ranAt: 1, outcome });
    const cell = await archived(folder, cellKey({ notebook: NOTEBOOK, database: '', sql, occurrence: 0 }));
    expect(cell.outcome.statements.map(({ kind, result }) => [kind, result.preview.length])).toEqual([
      ['CREATE', 0],
      ['EXPLAIN', 1],
      ['SELECT', 1],
    ]);
    expect(cell.outcome.failure).toMatchObject({ code: 'sql', message: expect.stringContaining('nothing') });
  });

  it('keeps the first rows of a result that is larger than the quota allows, under a handle of its own', { tags: ['slow'] }, async () => {
    const folder = temporaryFolder();
    const { client } = await startEditor(settings(folder, { resultsKeepMegabytes: 16 }));
    const kept = await keep(client, 'select range, hash(range), hash(range + 1) from range(1000000)');
    const cell = await archived(folder, kept.key);
    const { resultId } = cell.outcome.statements[0]?.result ?? { resultId: '' };
    const rows = cell.stored[resultId]?.rows ?? 0;
    expect(resultId).not.toBe(idOf(kept));
    expect(rows).toBeGreaterThan(100_000);
    expect(rows % 10_000).toBe(0);
    const page = await client.request(fetchPage, { resultId, offset: rows - 1, limit: 9 });
    expect(page).toMatchObject({ rowCount: rows, complete: true, rows: [[rows - 1, expect.anything(), expect.anything()]] });
  });

  it('is asked to drop cells, and to forget everything', async () => {
    const folder = temporaryFolder();
    const { client } = await startEditor(settings(folder));
    const [one, two, three] = [await keep(client, 'select 1'), await keep(client, 'select 2'), await keep(client, 'select 3')];
    for (const { key } of [one, two, three]) await archived(folder, key);
    await client.request(dropResults, { keys: [one.key, '../../etc/passwd'] });
    expect(await client.request(checkResults, { key: one.key })).toEqual({ state: 'unknown', reason: 'the outputs are no longer kept' });
    expect(await client.request(forgetResults, null)).toEqual({ cells: 2 });
    expect([readdirSync(join(folder, 'cells')), readdirSync(join(folder, 'rows'))]).toEqual([[], []]);
  });

  it('keeps nothing when it is off, and removes what was there', async () => {
    const folder = temporaryFolder();
    const first = await startEditor(settings(folder));
    const kept = await keep(first.client, 'from range(500)');
    await archived(folder, kept.key);
    await first.server.close();
    const { client } = await startEditor(settings(folder, { resultsKeepMegabytes: 0 }));
    expect((await client.failure(fetchPage, { resultId: idOf(kept), offset: 0, limit: 1 })).code).toBe('unavailable');
    await keep(client, 'select 2');
    expect(readdirSync(join(folder, 'cells'))).toEqual([]);
    expect(await client.request(forgetResults, null)).toEqual({ cells: 0 });
  });

  it('says that rows are gone when their file is damaged, and lets go of it', async () => {
    const folder = temporaryFolder();
    const first = await startEditor(settings(folder));
    const kept = await keep(first.client, 'from range(500)');
    await archived(folder, kept.key);
    await first.server.close();
    const [rows = ''] = readdirSync(join(folder, 'rows'));
    writeFileSync(join(folder, 'rows', rows), 'damaged');
    const { client } = await startEditor(settings(folder));
    const failure = await client.failure(fetchPage, { resultId: idOf(kept), offset: 300, limit: 1 });
    expect(failure).toMatchObject({ code: 'unavailable', message: expect.stringContaining('cannot be read') });
    expect(readdirSync(join(folder, 'rows'))).toEqual([]);
    expect(client.logLines.join('\n')).toContain('A kept output is removed');
  });

  it('keeps working for servers of two windows at once', async () => {
    const folder = temporaryFolder();
    const [one, two] = [await startEditor(settings(folder)), await startEditor(settings(folder))];
    const kept = await keep(one.client, 'select range * 2 from range(1000)');
    await archived(folder, kept.key);
    expect((await two.client.request(fetchPage, { resultId: idOf(kept), offset: 999, limit: 1 })).rows).toEqual([[1998]]);
    expect(await two.client.request(forgetResults, null)).toEqual({ cells: 1 });
    const again = await keep(one.client, 'select range * 3 from range(1000)');
    await archived(folder, again.key);
    expect((await two.client.request(fetchPage, { resultId: idOf(again), offset: 999, limit: 1 })).rows).toEqual([[2997]]);
  });

  it('lets a later server tell whether the sources are unchanged, from the record and without running anything', {
    tags: ['slow'],
  }, async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'orders.csv'), 'a\n1\n');
    await new Promise((resolve) => setTimeout(resolve, 150));
    const database = join(folder, 'data.duckdb');
    const options = settings(join(folder, 'archive'), { database });
    const first = await startEditor(options);
    await first.client.request(runQuery, {
      runId: 'x',
      sessionId: NOTEBOOK,
      sql: 'create table t as from range(5); create table u as from range(5)',
    });
    const scripts = {
      csv: `from '${join(folder, 'orders.csv')}'`,
      table: 'from t; from u',
      random: 'select random()',
      insert: 'insert into t values (9)',
    };
    const keys: Record<string, string> = {};
    const ids: Record<string, string> = {};
    for (const [name, sql] of Object.entries(scripts).reverse()) {
      const kept = await keep(first.client, sql, { database });
      await archived(join(folder, 'archive'), kept.key);
      [keys[name], ids[name]] = [kept.key, idOf(kept)];
    }
    const check = async (client: RpcClient, name: string) => await client.request(checkResults, { key: keys[name] ?? '' });
    expect(await check(first.client, 'table')).toEqual({ state: 'unchanged', reason: '' });
    await first.server.close();

    const second = await startEditor(options);
    expect(await check(second.client, 'csv')).toEqual({ state: 'unchanged', reason: '' });
    expect(await check(second.client, 'table')).toEqual({ state: 'unchanged', reason: '' });
    expect(await check(second.client, 'random')).toMatchObject({ state: 'unknown', reason: expect.stringContaining('random') });
    expect(await check(second.client, 'insert')).toEqual({ state: 'done', reason: '' });
    const watched = await second.client.request(watchFreshness, { resultIds: [ids['csv'] ?? '', ids['table'] ?? ''] });
    expect(watched.results.map(({ freshness }) => freshness.state)).toEqual(['fresh', 'fresh']);
    const told = second.client.next(freshnessChanged);
    writeFileSync(join(folder, 'orders.csv'), 'a\n2\n');
    await second.client.request(runQuery, { runId: 'y', sessionId: 'other', sql: 'insert into u values (1)' });
    await told;
    expect(await check(second.client, 'csv')).toEqual({ state: 'changed', reason: 'orders.csv changed since' });
    expect(await check(second.client, 'table')).toEqual({ state: 'changed', reason: 'main.u changed since' });
    await second.server.close();

    const third = await startEditor(options);
    expect(await check(third.client, 'table')).toEqual({ state: 'changed', reason: 'main.u changed since' });
  });
});
