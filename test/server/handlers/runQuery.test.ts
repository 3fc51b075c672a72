import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CancellationTokenSource } from 'vscode-languageserver/node';
import {
  cancelQuery,
  closeSession,
  fetchPage,
  forgetNamedResult,
  queryProgress,
  type RunQueryParams,
  resultOpened,
  runQuery,
  statsChanged,
} from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const ENDLESS = 'select count(*) from range(100000000000)';

let runs = 0;
function script(sql: string, more: Partial<RunQueryParams> = {}): RunQueryParams {
  return { runId: `run ${++runs}`, sessionId: 'notebook', sql, ...more };
}

describe('runQuery', () => {
  it('answers with one outcome per statement, with its place in the text', async () => {
    const { client } = await startEditor();
    const sql = "create table t(a integer);\ninsert into t values (1), (2);\nselect a, 'é😀' as b from t order by a";
    const { statements, failure } = await client.request(runQuery, script(sql));
    expect(failure).toBeUndefined();
    expect(statements.map(({ kind, rowsChanged }) => [kind, rowsChanged])).toEqual([
      ['CREATE', undefined],
      ['INSERT', 2],
      ['SELECT', undefined],
    ]);
    expect(statements.map(({ start, end }) => sql.slice(start, end))).toEqual(sql.split(';\n'));
    expect(Object.keys(statements[2] ?? {}).sort()).toEqual(['effects', 'elapsedMs', 'end', 'kind', 'result', 'start']);
    expect(statements[2]?.result).toMatchObject({
      columns: [
        { name: 'a', type: 'INTEGER' },
        { name: 'b', type: 'VARCHAR' },
      ],
      rowCount: 2,
      complete: true,
      truncated: false,
      preview: [
        [1, 'é😀'],
        [2, 'é😀'],
      ],
      provenance: { kind: 'run' },
    });
  });

  it('takes values for names, and says which have none', async () => {
    const { client } = await startEditor();
    const values = { since: { type: 'DATE', text: '2024-01-31' }, none: { type: 'DATE', text: null } };
    const given = await client.request(runQuery, script('select $since as a, typeof($since) as b, $none as c', { values }));
    expect(given.statements[0]?.result.preview).toEqual([['2024-01-31', 'DATE', null]]);
    await client.request(runQuery, script("set variable since = 'by variable'"));
    expect((await client.request(runQuery, script('select $since'))).statements[0]?.result.preview).toEqual([['by variable']]);
    const { failure, statements } = await client.request(runQuery, script('select 1; select $until::date'));
    expect(statements).toEqual([]);
    expect(failure).toMatchObject({ code: 'sql', missing: [{ name: 'until', type: 'DATE' }], position: { offset: 17 } });
  });

  it('lets later scripts read a result by its name, until it is forgotten', async () => {
    const { client } = await startEditor();
    const named = await client.request(runQuery, script('select 42 as i, random() as r', { resultName: 'daily' }));
    expect(named.nameProblem).toBeUndefined();
    const [row] = named.statements[0]?.result.preview ?? [];
    expect((await client.request(runQuery, script('from daily'))).statements[0]?.result.preview).toEqual([row]);
    const problem = await client.request(runQuery, script('select 1', { resultName: 'select' }));
    expect(problem).toMatchObject({ nameProblem: expect.stringContaining('a word of SQL'), statements: [{ kind: 'SELECT' }] });
    await client.request(forgetNamedResult, { sessionId: 'notebook', name: 'Daily' });
    await client.request(forgetNamedResult, { sessionId: 'no such session', name: 'daily' });
    expect((await client.request(runQuery, script('from daily'))).failure?.message).toMatch(/does not exist/);
  });

  it('gives the plans of EXPLAIN statements to a client that draws them', async () => {
    const { client } = await startEditor();
    const sql = 'explain from range(3); explain analyze from range(3); select 1';
    const { statements } = await client.request(runQuery, script(sql, { plans: true }));
    expect(statements.map(({ plan }) => plan && [plan.analyzed, plan.operators[0]?.kind])).toEqual([
      [false, 'RANGE'],
      [true, 'RANGE'],
      undefined,
    ]);
    const plain = await client.request(runQuery, script(sql));
    expect(plain.statements.map(({ plan }) => plan)).toEqual([undefined, undefined, undefined]);
    expect(plain.statements[1]?.result.preview[0]?.at(-1)).toContain('┌');
  });

  it('answers an empty script with nothing', async () => {
    const { client } = await startEditor();
    expect(await client.request(runQuery, script(' -- only a comment'))).toMatchObject({ statements: [] });
  });

  it('sends hostile values as the contract says', async () => {
    const { client } = await startEditor();
    const sql = `select 'NaN'::double, '-0'::double, 9007199254740992, 9007199254740991::hugeint, '\\x00A'::blob, 1.50::decimal(4,2),
      date '2024-02-29', {'constructor': 1, 'b': [1, null]}, map {'k': 2}, null, true, interval 1 month`;
    const { statements, failure } = await client.request(runQuery, script(sql));
    expect(failure).toBeUndefined();
    const [row] = statements[0]?.result.preview ?? [];
    expect(row?.map((value) => JSON.stringify(value))).toEqual([
      '"NaN"',
      '"-0.0"',
      '"9007199254740992"',
      '9007199254740991',
      '"\\\\x00A"',
      '"1.50"',
      '"2024-02-29"',
      '{"constructor":1,"b":[1,null]}',
      '[["k",2]]',
      'null',
      'true',
      '"1 month"',
    ]);
  });

  it('answers with the failure, its place and what ended well before it', async () => {
    const { client } = await startEditor();
    const sql = 'create table t(alpha integer);\nselect alhpa\nfrom t;\nselect 3';
    const { statements, failure } = await client.request(runQuery, script(sql));
    expect(statements.map(({ kind }) => kind)).toEqual(['CREATE']);
    expect(failure).toMatchObject({ code: 'sql', position: { offset: sql.indexOf('alhpa'), line: 1, column: 7 } });
    expect(failure?.message).toContain('alhpa');
    expect(failure?.candidates).toContain('alpha');
  });

  it('reads relative paths against the folder of the session', async () => {
    const { client } = await startEditor();
    const folder = temporaryFolder();
    for (const name of ['one', 'two']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'data.csv'), `where\n${name}\n`);
    }
    for (const name of ['one', 'two']) {
      const answer = await client.request(runQuery, script("from 'data.csv'", { sessionId: name, cwd: join(folder, name) }));
      expect(answer.failure).toBeUndefined();
      expect(answer.statements[0]?.result.preview).toEqual([[name]]);
    }
  });

  it('keeps at most maxRows', async () => {
    const { client } = await startEditor();
    const { statements } = await client.request(runQuery, script('from range(100000)', { maxRows: 10 }));
    expect(statements[0]?.result).toMatchObject({ rowCount: 10, truncated: true, complete: true });
  });

  it('sends a short preview of long rows', async () => {
    const { client } = await startEditor();
    const { statements } = await client.request(runQuery, script("select repeat('x', 300000) from range(50)"));
    expect(statements[0]?.result.rowCount).toBe(50);
    expect(statements[0]?.result.preview.length).toBeLessThan(10);
  });

  it('opens a large result while its rows still arrive', async () => {
    const { client } = await startEditor();
    const run = script('select i, i * 2 as twice from range(3000000) r(i)');
    const running = client.request(runQuery, run);
    const opened = await client.next(resultOpened, ({ runId }) => runId === run.runId);
    expect(opened).toMatchObject({ statementIndex: 0, result: { complete: false } });
    expect(opened.result.preview[199]).toEqual([199, 398]);
    const { statements } = await running;
    expect(statements[0]?.result).toMatchObject({ resultId: opened.result.resultId, rowCount: 3_000_000, complete: true });
    const page = await client.request(fetchPage, { resultId: opened.result.resultId, offset: 2_999_999, limit: 100 });
    expect(page).toEqual({ offset: 2_999_999, rows: [[2_999_999, 5_999_998]], rowCount: 3_000_000, complete: true });
  });

  it('lets go of a result that was opened and then failed', { tags: ['slow'] }, async () => {
    const { client } = await startEditor();
    const run = script("select case when i = 2900000 then error('enough') else i end from range(3000000) r(i)");
    const running = client.request(runQuery, run);
    const opened = await client.next(resultOpened, ({ runId }) => runId === run.runId);
    const { statements, failure } = await running;
    expect(statements).toEqual([]);
    expect(failure).toMatchObject({ code: 'sql', message: expect.stringContaining('enough') });
    const failed = await client.failure(fetchPage, { resultId: opened.result.resultId, offset: 0, limit: 1 });
    expect(failed.code).toBe('unavailable');
  });

  it('tells of progress, but not at once', async () => {
    const { client } = await startEditor();
    const quick = script('select 1');
    await client.request(runQuery, quick);
    const slow = script(ENDLESS);
    const running = client.request(runQuery, slow);
    const progress = await client.next(queryProgress, ({ runId }) => runId === slow.runId);
    expect(progress).toMatchObject({ statementIndex: 0, statementCount: 1 });
    expect(progress.elapsedMs).toBeGreaterThanOrEqual(150);
    await client.request(cancelQuery, { runId: slow.runId });
    await running;
    expect(client.toldOf(queryProgress).filter(({ runId }) => runId === quick.runId)).toEqual([]);
  });

  it('refuses a second run of the same name while the first runs', async () => {
    const { client } = await startEditor();
    const run = script(ENDLESS);
    const running = client.request(runQuery, run);
    expect((await client.failure(runQuery, run)).code).toBe('bug');
    expect(await client.request(cancelQuery, { runId: run.runId })).toEqual({ found: true });
    expect((await running).failure?.code).toBe('cancelled');
  });
});

describe('cancelling', () => {
  it('by cancelQuery ends a long query within a second, and the session goes on', async () => {
    const { client } = await startEditor();
    await client.request(runQuery, script('create temp table mine as select 7 as a'));
    const run = script(ENDLESS);
    const running = client.request(runQuery, run);
    await client.next(statsChanged, ({ parallel }) => parallel.running === 1);
    const begun = performance.now();
    expect(await client.request(cancelQuery, { runId: run.runId })).toEqual({ found: true });
    expect((await running).failure?.code).toBe('cancelled');
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect((await client.request(runQuery, script('from mine'))).statements[0]?.result.preview).toEqual([[7]]);
    expect(await client.request(cancelQuery, { runId: run.runId })).toEqual({ found: false });
  });

  it("by the request's token does the same", async () => {
    const { client } = await startEditor();
    const source = new CancellationTokenSource();
    const running = client.request(runQuery, script(ENDLESS), source.token);
    await client.next(statsChanged, ({ parallel }) => parallel.running === 1);
    source.cancel();
    expect((await running).failure?.code).toBe('cancelled');
  });

  it('right after the start is not lost', async () => {
    const { client } = await startEditor();
    const run = script(ENDLESS);
    const running = client.request(runQuery, run);
    await client.request(cancelQuery, { runId: run.runId });
    expect((await running).failure?.code).toBe('cancelled');
  });

  it('keeps what ended well before', async () => {
    const { client } = await startEditor();
    const run = script(`create table t as select 1; ${ENDLESS}`);
    const running = client.request(runQuery, run);
    await client.next(queryProgress, ({ runId, statementIndex }) => runId === run.runId && statementIndex === 1);
    await client.request(cancelQuery, { runId: run.runId });
    const { statements, failure } = await running;
    expect([statements.map(({ kind }) => kind), failure?.code]).toEqual([['CREATE'], 'cancelled']);
  });

  it('ends a query that waits behind another one of its session', async () => {
    const { client } = await startEditor();
    const [first, second] = [script(ENDLESS), script('select 1')];
    const running = client.request(runQuery, first);
    await client.next(statsChanged, ({ parallel }) => parallel.running === 1);
    const waiting = client.request(runQuery, second);
    await client.request(cancelQuery, { runId: second.runId });
    expect((await waiting).failure?.code).toBe('cancelled');
    await client.request(cancelQuery, { runId: first.runId });
    await running;
  });

  it('ends a query that waits for a connection', async () => {
    const { client } = await startEditor({ settings: { poolMaxConnections: 2 } });
    for (const sessionId of ['a', 'b']) await client.request(runQuery, script('create temp table t as select 1', { sessionId }));
    const run = script('select 1', { sessionId: 'c' });
    const waiting = client.request(runQuery, run);
    await client.next(statsChanged, ({ pool }) => pool.waiting === 1);
    await client.request(cancelQuery, { runId: run.runId });
    expect((await waiting).failure?.code).toBe('cancelled');
  });

  it('happens when the session is closed', async () => {
    const { client } = await startEditor();
    const running = client.request(runQuery, script(ENDLESS));
    await client.next(statsChanged, ({ parallel }) => parallel.running === 1);
    await client.request(closeSession, { sessionId: 'notebook' });
    expect((await running).failure?.code).toBe('cancelled');
  });
});

describe('a full pool', () => {
  it('is a failure that names the setting', { tags: ['slow'] }, async () => {
    const { client } = await startEditor({ settings: { poolMaxConnections: 2, poolAcquireTimeoutMs: 500 } });
    for (const sessionId of ['a', 'b']) await client.request(runQuery, script('create temp table t as select 1', { sessionId }));
    const { failure } = await client.request(runQuery, script('select 1', { sessionId: 'c' }));
    expect(failure).toMatchObject({ code: 'limit', setting: 'kodiak.pool.maxConnections' });
    await client.request(closeSession, { sessionId: 'a' });
    expect((await client.request(runQuery, script('select 1', { sessionId: 'c' }))).failure).toBeUndefined();
  });
});
