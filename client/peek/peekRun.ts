import { randomUUID } from 'node:crypto';
import { cancelQuery, type RequestDescriptor, type RunQueryResult, releaseResult, runQuery } from '../../server/protocol/requests.ts';
import { failureOf } from '../presentError.ts';

/** What a peek needs of the server. */
interface PeekServer {
  request<Params, Result>(descriptor: RequestDescriptor<Params, Result>, params: Params): Promise<Result>;
}

interface PeekLimits {
  readonly rows: number;
  readonly timeoutMs: number;
  readonly countMs: number;
}

const PEEK_LIMITS: PeekLimits = { rows: 100, timeoutMs: 30_000, countMs: 1_500 };

/** What running a part gave. `rowCount` is undefined when counting took too long. */
export interface PeekOutcome {
  readonly result: RunQueryResult;
  readonly rowCount: number | undefined;
}

/**
 * Runs a query for its first rows, and counts them all if that is quickly done. What takes too long, or is not wanted any more, is
 * interrupted. Never rejects: whatever goes wrong is a failure.
 */
export async function runPeek(
  server: PeekServer,
  sql: string,
  session: { readonly sessionId: string; readonly cwd?: string },
  signal: AbortSignal,
  limits = PEEK_LIMITS,
): Promise<PeekOutcome> {
  const result = await ask(server, { ...session, sql, maxRows: limits.rows }, signal, limits.timeoutMs);
  const rows = result.statements.at(-1)?.result;
  if (result.failure !== undefined || rows === undefined) return { result, rowCount: undefined };
  if (!rows.truncated && rows.rowCount <= rows.preview.length) return { result, rowCount: rows.rowCount };
  const counted = await ask(server, { ...session, sql: `SELECT count(*) FROM (\n${sql}\n)` }, signal, limits.countMs);
  const count = counted.statements.at(-1)?.result.preview[0]?.[0];
  return { result, rowCount: typeof count === 'number' ? count : undefined };
}

async function ask(
  server: PeekServer,
  params: { readonly sessionId: string; readonly sql: string; readonly cwd?: string; readonly maxRows?: number },
  signal: AbortSignal,
  timeoutMs: number,
): Promise<RunQueryResult> {
  const runId = randomUUID();
  const startedAt = performance.now();
  const elapsed = () => performance.now() - startedAt;
  const cancel = () => void server.request(cancelQuery, { runId }).catch(() => undefined);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    cancel();
  }, timeoutMs);
  signal.addEventListener('abort', cancel);
  try {
    if (signal.aborted) return { statements: [], failure: { code: 'cancelled', message: 'Cancelled.' }, elapsedMs: 0 };
    const result = await server.request(runQuery, { ...params, runId });
    for (const { result: rows } of result.statements) server.request(releaseResult, { resultId: rows.resultId }).catch(() => undefined);
    if (!late || result.failure?.code !== 'cancelled') return result;
    const message = `It took longer than ${timeoutMs / 1000} s. Run the statement, or open the part in the results panel, which waits.`;
    return { ...result, failure: { code: 'timeout', message } };
  } catch (error) {
    return { statements: [], failure: failureOf(error), elapsedMs: elapsed() };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}
