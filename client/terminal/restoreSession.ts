import { runQuery } from '../../server/protocol/requests.ts';
import { visible } from '../text/displayText.ts';
import type { ServerConnection } from './serverConnection.ts';
import type { SessionJournal } from './sessionJournal.ts';

/** What came of a session that moved to another server. */
export interface Restored {
  readonly restored: readonly string[];
  readonly lost: readonly string[];
}

/** Gives a new server what the session had at the one before, and says what it cannot have. */
export async function restoreSession(
  connection: ServerConnection,
  journal: SessionJournal,
  { sessionId, cwd }: { readonly sessionId: string; readonly cwd: string },
): Promise<Restored> {
  const lost = journal.lost();
  journal.forgetLost();
  const restored: string[] = [];
  for (const [index, { name, sql }] of journal.restorable().entries()) {
    const { failure } = await connection.request(runQuery, { runId: `restore-${process.pid}-${index}`, sessionId, sql, cwd });
    // A database that others have attached already is as good as one of ours.
    if (!failure || (/^attach\b/i.test(sql) && /already (?:exists|attached)/i.test(failure.message))) {
      restored.push(name);
      continue;
    }
    lost.push(`${name} (${failure.message.split('\n')[0]})`);
    journal.forget(name);
  }
  return { restored, lost };
}

/** The same in a sentence or two; empty where the session had nothing of its own. */
export function restoredText({ restored, lost }: Restored): string {
  const list = (names: readonly string[]) => names.map((name) => visible(name)).join(', ');
  return [lost.length > 0 ? `Lost: ${list(lost)}.` : '', restored.length > 0 ? `Restored: ${list(restored)}.` : '']
    .filter(Boolean)
    .join(' ');
}
