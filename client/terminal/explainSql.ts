import type { WirePlan } from '../../server/protocol/plan.ts';
import { cancelQuery, explainStatement } from '../../server/protocol/requests.ts';
import type { Shell } from './shell.ts';

let explained = 0;

/** The plan of one statement in the person's session; with `analyze` it is run and measured. Rejects with why there is none. */
export async function explainSql(shell: Shell, sql: string, analyze: boolean, signal: AbortSignal): Promise<WirePlan> {
  const runId = `${process.pid}-plan-${++explained}`;
  const cancel = () => void shell.link.request(cancelQuery, { runId }).catch(() => undefined);
  signal.addEventListener('abort', cancel);
  try {
    return await shell.link.request(explainStatement, { runId, sessionId: shell.sessionId, sql, analyze, cwd: shell.cwd });
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
