import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { KodiakError } from '../../engine/base/errors.ts';
import { filePath } from '../filePath.ts';
import { PREVIEW_ROWS, RUN_SQL_COMMAND, type RunSqlArguments, type RunSqlResult } from '../protocol/requests.ts';
import { runAndTell } from '../runOutcome.ts';
import { toWireRow } from '../wire.ts';
import type { Handler } from './handler.ts';

interface ExecuteCommandParams {
  readonly command: string;
  readonly arguments?: readonly unknown[];
}

/** `workspace/executeCommand`: runs SQL in the session of the document that asks, and answers with the last statement's first rows. */
export const runSql: Handler<ExecuteCommandParams, RunSqlResult> = async (server, client, params, signal) => {
  if (params.command !== RUN_SQL_COMMAND) throw new KodiakError('unavailable', `There is no command ${JSON.stringify(params.command)}.`);
  const { sql, uri } = readArguments(params.arguments?.[0]);
  const document = uri === undefined ? undefined : (server.notebookOf(uri) ?? uri);
  const file = filePath(document);
  const { statements, failure, elapsedMs } = await runAndTell(
    server,
    client,
    { runId: `${RUN_SQL_COMMAND}:${randomUUID()}`, sessionId: document ?? 'lsp', sql, ...(file !== undefined && { cwd: dirname(file) }) },
    signal,
  );
  try {
    const last = statements.at(-1);
    if (failure) return { elapsedMs, error: failure };
    if (!last) return { elapsedMs, error: { code: 'sql', message: 'There is no statement to run.' } };
    const { resultId, columns, rowCount, provenance } = last.result;
    const rows = (await server.results.get(resultId).result.page(0, Math.min(PREVIEW_ROWS, rowCount))).map(toWireRow);
    return { columns, rows, rowCount, ...(last.rowsChanged !== undefined && { rowsChanged: last.rowsChanged }), provenance, elapsedMs };
  } finally {
    for (const { result } of statements) server.results.release(result.resultId);
  }
};

function readArguments(argument: unknown): RunSqlArguments {
  const { sql, uri } = (typeof argument === 'object' && argument !== null ? argument : {}) as Partial<
    Record<keyof RunSqlArguments, unknown>
  >;
  if (typeof sql !== 'string') throw new KodiakError('bug', `${RUN_SQL_COMMAND} takes one argument: { sql, uri? }.`);
  return typeof uri === 'string' ? { sql, uri } : { sql };
}
