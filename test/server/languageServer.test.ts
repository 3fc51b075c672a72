import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  cancelQuery,
  clearCache,
  closeSession,
  engineState,
  fetchPage,
  freeMemory,
  openDatabase,
  type RunQueryParams,
  readCacheEntries,
  readCatalog,
  readHealth,
  readSocket,
  readStats,
  releaseResult,
  runQuery,
  setCacheEnabled,
  statsChanged,
} from '../../server/protocol/requests.ts';
import { startEditor } from '../support/languageClient.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

let runs = 0;
function script(sql: string, more: Partial<RunQueryParams> = {}): RunQueryParams {
  return { runId: `run ${++runs}`, sessionId: 'notebook', sql, ...more };
}

describe('initialize', () => {
  it('says who it is and what it can do', async () => {
    const { initialized } = await startEditor();
    expect(initialized.serverInfo).toEqual({ name: 'kodiak', version: '1.2.3' });
    expect(initialized.capabilities).toMatchObject({
      textDocumentSync: { openClose: true, change: 2 },
      notebookDocumentSync: {
        notebookSelector: ['kodiak-notebook', 'jupyter-notebook'].map((notebookType) => ({
          notebook: { notebookType },
          cells: [{ language: 'sql' }],
        })),
      },
      executeCommandProvider: { commands: ['kodiak.runSql', 'kodiak.runStatement', 'kodiak.explainStatement'] },
    });
  });

  it('corrects settings that are wrong, and says so', async () => {
    const { client } = await startEditor({ settings: { cacheMaxEntries: 'many', poolMaxConnections: 1, unknown: true } });
    const stats = await client.request(readStats, null);
    expect([stats.cache.maxEntries, stats.pool.max]).toEqual([100, 2]);
    expect(client.logLines).toEqual([
      'kodiak.cache.maxEntries: "many" is not a number; using 100.',
      'kodiak.pool.maxConnections: 1 is outside 2 to 1000; using 2.',
    ]);
  });

  it.each([null, 'text', [1, 2], 42])('accepts %j as settings', async (settings) => {
    const { client } = await startEditor({ settings });
    expect((await client.request(openDatabase, null)).database).toBe(':memory:');
  });

  it('reads a relative database path against the workspace folder', async () => {
    const folder = temporaryFolder();
    const { client } = await startEditor({ settings: { database: 'sales.duckdb' }, rootUri: pathToFileURL(folder).href });
    const info = await client.request(openDatabase, null);
    expect(info).toMatchObject({ database: join(folder, 'sales.duckdb'), created: true, version: '1.2.3', pid: process.pid });
    expect(existsSync(join(folder, 'sales.duckdb'))).toBe(true);
  });

  it('reads it against the folder it was started in where there is no workspace', async () => {
    const startFolder = temporaryFolder();
    const { client } = await startEditor({ settings: { database: 'sales.duckdb' }, startFolder });
    expect((await client.request(openDatabase, null)).database).toBe(join(startFolder, 'sales.duckdb'));
  });
});

describe('the engine', () => {
  it('is opened by the first query and not before', async () => {
    const { client } = await startEditor();
    const before = await client.request(readStats, null);
    expect(before).toMatchObject({ database: ':memory:', pool: { active: 0, max: 10 }, cache: { enabled: true, maxEntries: 100 } });
    expect(await client.request(clearCache, null)).toEqual({ removed: 0 });
    expect(await client.request(freeMemory, null)).toEqual({ freedBytes: 0 });
    expect(await client.request(readCacheEntries, null)).toEqual({ entries: [] });
    expect(client.toldOf(engineState)).toEqual([]);
    await client.request(runQuery, script('select 1'));
    expect(client.toldOf(engineState).map(({ state }) => state)).toEqual(['opening', 'open']);
  });

  it('is tried again after a failure', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'text.duckdb'), 'this is not a database, but a text that is long enough to be looked at'.repeat(500));
    let attempts = 0;
    const { client } = await startEditor({
      settings: { database: join(folder, 'text.duckdb') },
      loadEngine: async () => {
        attempts++;
        return (await import('../../engine/engine.ts')).openEngine;
      },
    });
    const first = await client.request(runQuery, script('select 1'));
    expect(first.failure?.code).toBe('unavailable');
    expect((await client.failure(openDatabase, null)).code).toBe('unavailable');
    expect(attempts).toBe(2);
    expect(client.toldOf(engineState).map(({ state }) => state)).toEqual(['opening', 'failed', 'opening', 'failed']);
  });

  it('that cannot be loaded is a failure of each request, and the server lives', async () => {
    const loadEngine = async () => {
      const { KodiakError } = await import('../../engine/base/errors.ts');
      throw new KodiakError('unavailable', 'No DuckDB for linux-arm64.');
    };
    const { client } = await startEditor({ loadEngine });
    expect((await client.request(runQuery, script('select 1'))).failure).toEqual({
      code: 'unavailable',
      message: 'No DuckDB for linux-arm64.',
    });
    expect(await client.failure(readCatalog, {})).toMatchObject({ code: 'unavailable', message: 'No DuckDB for linux-arm64.' });
    const { checks } = await client.request(readHealth, null);
    expect(checks.find(({ name }) => name === 'Database')).toEqual({ name: 'Database', ok: false, detail: 'No DuckDB for linux-arm64.' });
  });

  it('keeps the cache off when it was turned off before opening', async () => {
    const { client } = await startEditor();
    await client.request(setCacheEnabled, { enabled: false });
    expect((await client.request(readStats, null)).cache.enabled).toBe(false);
    await client.request(openDatabase, null);
    expect((await client.request(readStats, null)).cache.enabled).toBe(false);
    await client.request(setCacheEnabled, { enabled: true });
    expect((await client.request(readStats, null)).cache.enabled).toBe(true);
  });
});

describe('requests', () => {
  it('answer catalog, cache and health', async () => {
    const { client } = await startEditor({ settings: { cacheMinCostMs: 0 } });
    await client.request(
      runQuery,
      script('create table t(a integer, b varchar); create temp table mine(c date); insert into t values (1, $$x$$)'),
    );
    const { tables } = await client.request(readCatalog, { sessionId: 'notebook' });
    expect(tables.map(({ name }) => name).sort()).toEqual(['mine', 't']);
    expect((await client.request(readCatalog, {})).tables).toMatchObject([
      {
        name: 't',
        kind: 'table',
        columns: [
          { name: 'a', type: 'INTEGER' },
          { name: 'b', type: 'VARCHAR' },
        ],
      },
    ]);
    await client.request(runQuery, script('select * from t'));
    const repeated = await client.request(runQuery, script('select * from t'));
    expect(repeated.statements[0]?.result.provenance.kind).toBe('proved');
    expect((await client.request(readCacheEntries, null)).entries).toMatchObject([{ sql: 'select * from t', rows: 1, hits: 1 }]);
    expect(await client.request(clearCache, null)).toEqual({ removed: 1 });
    const { checks } = await client.request(readHealth, null);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.length).toBeGreaterThanOrEqual(5);
  });

  it('that are unknown or malformed end nothing', async () => {
    const { client } = await startEditor();
    await expect(client.connection.sendRequest('kodiak/nothing', {})).rejects.toThrow();
    expect((await client.failure(runQuery, null as never)).code).toBe('bug');
    expect((await client.failure(fetchPage, 7 as never)).code).toBe('unavailable');
    expect(await client.request(cancelQuery, { runId: 'never' })).toEqual({ found: false });
    expect(await client.request(releaseResult, { resultId: 'never' })).toBeNull();
    expect(await client.request(closeSession, { sessionId: 'never' })).toBeNull();
    expect((await client.request(runQuery, script('select 1'))).statements).toHaveLength(1);
  });

  it('tell where a terminal can attach', async () => {
    const folder = temporaryFolder();
    const { client } = await startEditor({ settings: { database: join(folder, 'x.duckdb') } });
    const { socketFile, tokenFile } = await client.request(readSocket, null);
    expect([existsSync(socketFile), existsSync(tokenFile)]).toEqual([true, true]);
  });
});

describe('statsChanged', () => {
  it('follows a run, and the session that it opened', async () => {
    const { client } = await startEditor();
    const told = client.next(statsChanged, ({ pool, parallel }) => pool.active === 1 && parallel.completed === 1);
    await client.request(runQuery, script('select 1'));
    expect((await told).pool.holders).toMatchObject([{ name: 'notebook', running: false }]);
    const closed = client.next(statsChanged, ({ pool }) => pool.active === 0);
    await client.request(closeSession, { sessionId: 'notebook' });
    await closed;
  });
});

describe('notebook documents', () => {
  const uri = pathToFileURL('/work/analysis.kodiak.sql').href;
  const cell = 'vscode-notebook-cell:/work/analysis.kodiak.sql#1';
  const open = {
    notebookDocument: { uri, notebookType: 'kodiak-notebook', version: 1, cells: [{ kind: 2, document: cell }] },
    cellTextDocuments: [{ uri: cell, languageId: 'sql', version: 1, text: 'select 1' }],
  };

  it('give a cell the session of its notebook', async () => {
    const { client } = await startEditor();
    await client.connection.sendNotification('notebookDocument/didOpen', open);
    await client.request(runQuery, script('create temp table mine as select 42 as answer', { sessionId: uri }));
    const answer = await client.connection.sendRequest('workspace/executeCommand', {
      command: 'kodiak.runSql',
      arguments: [{ sql: 'from mine', uri: cell }],
    });
    expect(answer).toMatchObject({ rows: [[42]] });
  });

  it('end their session and its results when they are closed', async () => {
    const { client } = await startEditor();
    await client.connection.sendNotification('notebookDocument/didOpen', open);
    await client.connection.sendNotification('notebookDocument/didChange', {
      notebookDocument: { uri, version: 2 },
      change: { cells: { textContent: [{ document: { uri: cell, version: 2 }, changes: [{ text: 'select 2' }] }] } },
    });
    const { statements } = await client.request(runQuery, script('create temp table mine as select 1; from mine', { sessionId: uri }));
    const resultId = statements[1]?.result.resultId ?? '';
    expect((await client.request(fetchPage, { resultId, offset: 0, limit: 10 })).rows).toEqual([[1]]);
    const ended = client.next(statsChanged, ({ pool }) => pool.active === 0);
    await client.connection.sendNotification('notebookDocument/didClose', {
      notebookDocument: { uri },
      cellTextDocuments: [{ uri: cell }],
    });
    await ended;
    expect((await client.failure(fetchPage, { resultId, offset: 0, limit: 10 })).code).toBe('unavailable');
    const again = await client.request(runQuery, script('from mine', { sessionId: uri }));
    expect(again.failure?.code).toBe('sql');
  });
});

describe('shutdown', () => {
  it('interrupts what runs, closes the database and removes the socket', async () => {
    const folder = temporaryFolder();
    const { client } = await startEditor({ settings: { database: join(folder, 'x.duckdb') } });
    const { socketFile, tokenFile } = await client.request(readSocket, null);
    const running = client.request(runQuery, script('select count(*) from range(100000000000)'));
    await client.next(statsChanged, ({ parallel }) => parallel.running === 1);
    const begun = performance.now();
    await client.connection.sendRequest('shutdown');
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect((await running).failure?.code).toBe('cancelled');
    expect([existsSync(socketFile), existsSync(tokenFile)]).toEqual([false, false]);
    expect(client.toldOf(engineState).at(-1)?.state).toBe('closed');
    expect((await client.failure(openDatabase, null)).code).toBe('unavailable');
  });
});
