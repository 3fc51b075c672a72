import { releaseResult, type StatementOutcome } from '../../server/protocol/requests.ts';
import type { WireRow } from '../../server/protocol/values.ts';
import { RequestFailed } from './serverConnection.ts';
import type { Shell } from './shell.ts';

const MAX_ROWS = 100_000;

/** Runs a script of ours in the person's session and gives all rows of its last statement. Rejects with what went wrong. */
export async function rowsOf(shell: Shell, sql: string, signal: AbortSignal): Promise<readonly WireRow[]> {
  return await withResult(shell, sql, signal, async ({ result }) => {
    if (result.preview.length >= result.rowCount) return result.preview;
    const rows: WireRow[] = [];
    while (rows.length < Math.min(result.rowCount, MAX_ROWS)) {
      const page = await shell.rowsOf(result)(rows.length, 10_000);
      if (page.rows.length === 0) break;
      rows.push(...page.rows);
    }
    return rows;
  });
}

/** As `rowsOf`, for somebody who reads the result's pages; it is released afterwards. */
export async function withResult<Answer>(
  shell: Shell,
  sql: string,
  signal: AbortSignal,
  use: (outcome: StatementOutcome) => Promise<Answer>,
): Promise<Answer> {
  const { statements, failure } = await shell.runQuietly(sql, signal);
  try {
    // A place in our own text would tell a person nothing.
    if (failure) throw new RequestFailed({ code: failure.code, message: failure.message });
    const last = statements.at(-1);
    if (!last) throw new Error('There is no statement to run.');
    return await use(last);
  } finally {
    for (const { result } of statements) shell.link.request(releaseResult, { resultId: result.resultId }).catch(() => undefined);
  }
}

/** A text as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
