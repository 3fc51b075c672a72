import { expect, it } from 'vitest';
import { runPeek } from '../../../client/peek/peekRun.ts';
import {
  cancelQuery,
  type RequestDescriptor,
  type RunQueryParams,
  type RunQueryResult,
  releaseResult,
  runQuery,
} from '../../../server/protocol/requests.ts';

const LIMITS = { rows: 2, timeoutMs: 5_000, countMs: 40 };

function rows(preview: readonly (readonly number[])[], truncated = false): RunQueryResult {
  const provenance = { kind: 'run', reason: '' } as const;
  const result = {
    resultId: 'r',
    columns: [{ name: 'a', type: 'BIGINT' }],
    rowCount: preview.length,
    complete: true,
    truncated,
    preview,
    provenance,
  };
  return { statements: [{ start: 0, end: 1, kind: 'SELECT', elapsedMs: 1, result }], elapsedMs: 1 };
}

/** A server that answers queries by their SQL; one that is `undefined` runs until it is cancelled. */
function fakeServer(answers: (sql: string) => RunQueryResult | undefined) {
  const asked: RunQueryParams[] = [];
  const released: string[] = [];
  const waiting = new Map<string, (result: RunQueryResult) => void>();
  const server = {
    async request<Params, Result>(descriptor: RequestDescriptor<Params, Result>, params: Params): Promise<Result> {
      if (descriptor.method === runQuery.method) {
        const run = params as RunQueryParams;
        asked.push(run);
        const answer = answers(run.sql);
        return (answer ?? (await new Promise<RunQueryResult>((resolve) => waiting.set(run.runId, resolve)))) as Result;
      }
      if (descriptor.method === cancelQuery.method) {
        const { runId } = params as { runId: string };
        waiting.get(runId)?.({ statements: [], failure: { code: 'cancelled', message: 'Cancelled.' }, elapsedMs: 1 });
      }
      if (descriptor.method === releaseResult.method) released.push((params as { resultId: string }).resultId);
      return null as Result;
    },
  };
  return { server, asked, released };
}

it('asks for the first rows in the session, and counts only where there are more', async () => {
  const few = fakeServer(() => rows([[1], [2]]));
  expect((await runPeek(few.server, 'FROM t', { sessionId: 's', cwd: '/d' }, new AbortController().signal, LIMITS)).rowCount).toBe(2);
  expect(few.asked).toMatchObject([{ sql: 'FROM t', sessionId: 's', cwd: '/d', maxRows: 2 }]);
  const many = fakeServer((sql) => (sql.startsWith('SELECT count(*)') ? rows([[4711]]) : rows([[1], [2]], true)));
  expect((await runPeek(many.server, 'FROM t -- all', { sessionId: 's' }, new AbortController().signal, LIMITS)).rowCount).toBe(4711);
  expect(many.asked[1]?.sql).toBe('SELECT count(*) FROM (\nFROM t -- all\n)');
  expect(many.released).toEqual(['r', 'r']);
});

it('gives the rows without their count when counting takes too long or cannot be done', async () => {
  for (const answer of [undefined, { statements: [], failure: { code: 'sql', message: 'No.' }, elapsedMs: 1 } as const]) {
    const { server } = fakeServer((sql) => (sql.startsWith('SELECT count(*)') ? answer : rows([[1], [2]], true)));
    const { result, rowCount } = await runPeek(server, 'FROM t', { sessionId: 's' }, new AbortController().signal, LIMITS);
    expect([rowCount, result.failure, result.statements.length]).toEqual([undefined, undefined, 1]);
  }
});

it('ends what takes too long, and says so', async () => {
  const { server } = fakeServer(() => undefined);
  const { result } = await runPeek(server, 'FROM t', { sessionId: 's' }, new AbortController().signal, { ...LIMITS, timeoutMs: 30 });
  expect(result.failure).toMatchObject({ code: 'timeout', message: expect.stringContaining('longer than 0.03 s') });
});

it('is cancelled by its signal, before and while it runs', async () => {
  const abort = new AbortController();
  const { server, asked } = fakeServer(() => undefined);
  const running = runPeek(server, 'FROM t', { sessionId: 's' }, abort.signal, LIMITS);
  abort.abort();
  expect((await running).result.failure?.code).toBe('cancelled');
  expect((await runPeek(server, 'FROM t', { sessionId: 's' }, abort.signal, LIMITS)).result.failure?.code).toBe('cancelled');
  expect(asked).toHaveLength(1);
});
