import { appendFileSync, chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Client } from '../../../server/client.ts';
import { type HistoryOptions, StatementHistory } from '../../../server/history/statementHistory.ts';
import { historyGrew, historyStopped, readHistoryLine } from '../../../server/protocol/history.ts';
import type { RunQueryResult } from '../../../server/protocol/requests.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const AT = Date.UTC(2026, 0, 2, 3, 4, 5);
const FAILED: RunQueryResult = { statements: [], failure: { code: 'sql', message: 'no' }, elapsedMs: 1 };

function start(folder: string, more: Partial<HistoryOptions> = {}) {
  const told: { method: string; params: unknown }[] = [];
  const log: string[] = [];
  const time = { now: AT };
  const connection = {
    onRequest: () => undefined,
    sendNotification: async (method: string, params: unknown) => void told.push({ method, params }),
  };
  const client = new Client(connection, { kind: 'terminal', pid: 1 });
  const history = new StatementHistory({
    folder,
    enabled: true,
    maxBytes: 1024 * 1024,
    storesValues: false,
    ...more,
    database: ':memory:',
    clock: { now: () => time.now, monotonic: () => time.now },
    log: (line) => void log.push(line),
    isNotebook: () => false,
    clients: () => [client],
  });
  const run = (sql: string, result = FAILED) => {
    time.now += 1000;
    history.begin(client, { runId: '1', sessionId: 's', sql })(result);
  };
  const read = async (search = '', limit = 10) => (await history.read({ search, limit })).entries.map(({ sql }) => sql);
  return { history, client, run, read, told, log, time };
}

const filesIn = (folder: string) => readdirSync(folder).sort();

describe('the history of statements', () => {
  it('is whole lines of JSON that only the user can read, and comes back newest first in pages', async () => {
    const folder = join(temporaryFolder(), 'deep', 'history');
    const { run, history } = start(folder);
    for (let n = 1; n <= 25; n++) run(`select ${n}`);
    const first = await history.read({ limit: 10 });
    expect(first.entries.map(({ sql }) => sql)).toEqual(Array.from({ length: 10 }, (_, index) => `select ${25 - index}`));
    expect([first.state, first.folder]).toEqual(['on', folder]);
    const second = await history.read({ limit: 10, before: first.next ?? '' });
    const third = await history.read({ limit: 10, before: second.next ?? '' });
    expect([second.entries.length, third.entries.length, third.next]).toEqual([10, 5, undefined]);
    expect(third.entries.at(-1)?.sql).toBe('select 1');
    const file = join(folder, 'statements.jsonl');
    expect([statSync(folder).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).v)).toEqual(Array(25).fill(1));
  });

  it('finds by words in text, error, name and database, by who, session and outcome', async () => {
    const { run, history } = start(temporaryFolder());
    run('select Orders');
    run('select customers', { ...FAILED, failure: { code: 'cancelled', message: 'The query was cancelled.' } });
    const found = async (params: object) => (await history.read({ limit: 10, ...params })).entries.map(({ sql }) => sql);
    expect(await found({ search: 'orders SELECT' })).toEqual(['select Orders']);
    expect(await found({ search: 'cancelled' })).toEqual(['select customers']);
    expect(await found({ search: 'nothing of it' })).toEqual([]);
    expect(await found({ onlyFailed: true })).toHaveLength(2);
    expect(await found({ sessions: ['other'] })).toEqual([]);
    expect(await found({ who: ['terminal'], sessions: ['s'] })).toHaveLength(2);
    expect(await found({ who: ['notebook'] })).toEqual([]);
  });

  it('sets files aside when they are large, and removes the oldest beyond the limit', async () => {
    const folder = temporaryFolder();
    const { run, history, read } = start(folder, { maxBytes: 512 * 1024 });
    for (let n = 0; n < 60; n++) {
      run(`select ${n}, '${'x'.repeat(15_000)}'`);
      await history.flush();
    }
    const sizes = filesIn(folder).map((name) => statSync(join(folder, name)).size);
    expect(sizes.length).toBeGreaterThan(3);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(512 * 1024 + 16_000);
    const kept = (await read('', 100)).map((sql) => sql.slice(0, 10));
    expect(kept).toEqual(expect.arrayContaining(['select 59,', 'select 45,']));
    expect(kept).not.toContain('select 0, ');
  });

  it('reads over a line that a crash has torn, and the next writer begins a new one', async () => {
    const folder = temporaryFolder();
    const { run, read, history } = start(folder);
    run('select 1');
    await history.flush();
    appendFileSync(join(folder, 'statements.jsonl'), '{"v":1,"id":"zzzz","sql":"sel');
    expect(await read()).toEqual(['select 1']);
    run('select 2');
    expect(await read()).toEqual(['select 2', 'select 1']);
    appendFileSync(join(folder, 'statements.jsonl'), '{"v":9,"id":"a"}\n{"v":1,"id":1}\n\u0000\n');
    expect(await read()).toEqual(['select 2', 'select 1']);
  });

  it('loses no line when several write at the same time, also while files are set aside', async () => {
    const folder = temporaryFolder();
    const writers = Array.from({ length: 6 }, () => start(folder, { maxBytes: 4 * 1024 * 1024 }));
    for (let n = 0; n < 100; n++) {
      for (const [index, { run }] of writers.entries()) run(`select ${index}, ${n}, '${'y'.repeat(1500)}'`);
      await Promise.all(writers.map(({ history }) => history.flush()));
    }
    const lines = filesIn(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'));
    expect(filesIn(folder).length).toBeGreaterThan(1);
    expect(lines.filter((line) => readHistoryLine(line) === undefined)).toEqual([]);
    expect(new Set(lines.map((line) => readHistoryLine(line)?.sql)).size).toBe(600);
  });

  it('stops for a minute when its folder cannot be written, says so once, and never throws', async () => {
    const folder = join(temporaryFolder(), 'history');
    writeFileSync(folder, 'a file in its place');
    const { run, history, told, log, time } = start(folder);
    run('select 1');
    await history.flush();
    run('select 2');
    await history.flush();
    const stopped = await history.read({ limit: 10 });
    expect([stopped.state, stopped.entries]).toEqual(['stopped', []]);
    expect(stopped.problem).toContain(folder);
    expect(log).toHaveLength(1);
    expect(told.map(({ method }) => method)).toEqual([historyStopped.method]);
    time.now += 61_000;
    run('select 3');
    await history.flush();
    expect([log.length, told.length]).toEqual([1, 1]);
    rmSync(folder);
    time.now += 61_000;
    run('select 4');
    expect((await history.read({ limit: 10 })).state).toBe('on');
    expect((await history.read({ limit: 10 })).entries.map(({ sql }) => sql)).toEqual(['select 4']);
    expect(log[1]).toContain('3 statements are missing');
  });

  it('closes a folder that was open to others', async () => {
    const folder = join(temporaryFolder(), 'history');
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    const { run, history } = start(folder);
    run('select 1');
    await history.flush();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('tells those who watch, and nobody else', async () => {
    const { run, history, client, told } = start(temporaryFolder());
    run('select 1');
    await history.flush();
    history.watch(client, true);
    run('select 2');
    run('select 3');
    await history.flush();
    history.watch(client, false);
    run('select 4');
    await history.flush();
    expect(told).toMatchObject([{ method: historyGrew.method, params: { entries: [{ sql: 'select 3' }, { sql: 'select 2' }] } }]);
  });

  it('records nothing when it is off, and still shows what is there; clears all of it', async () => {
    const folder = temporaryFolder();
    const first = start(folder);
    first.run('select 1');
    await first.history.flush();
    const off = start(folder, { enabled: false });
    off.run('select 2');
    const read = await off.history.read({ limit: 10 });
    expect([read.state, read.entries.map(({ sql }) => sql)]).toEqual(['off', ['select 1']]);
    expect(await first.history.clear()).toBe(1);
    expect(filesIn(folder)).toEqual([]);
    expect((await first.history.read({ limit: 10 })).entries).toEqual([]);
  });
});
