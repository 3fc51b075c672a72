import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '../client.ts';
import type { HistoryWho } from '../protocol/history.ts';

/** What is known of a run before it begins. */
export interface Asked {
  readonly client: Client['kind'];
  readonly sessionId: string;
  /** The session is that of a notebook which is open. */
  readonly isNotebook: boolean;
  /** The file whose text it is, where the client named one: a path or a URI. */
  readonly source?: string | undefined;
}

/** Sessions that parts of our own editor extension open. */
const OWN_SESSIONS = [
  ['kodiak-tests:', 'test'],
  ['kodiak-viewer:', 'viewer'],
  ['kodiak-explorer:', 'explorer'],
  ['kodiak-history:', 'history'],
] as const;

export function whoAsked({ client, sessionId, isNotebook, source }: Asked): HistoryWho {
  const named = source === undefined ? {} : { name: nameOf(source) };
  if (client === 'terminal') return { kind: 'terminal', ...named };
  const own = OWN_SESSIONS.find(([prefix]) => sessionId.startsWith(prefix));
  if (own) return { kind: own[1], ...named };
  if (!/^[a-z][a-z0-9+.-]+:/i.test(sessionId)) return { kind: 'editor', ...named };
  return { kind: isNotebook ? 'notebook' : 'sqlFile', name: nameOf(source ?? sessionId) };
}

/** The last part of a path or URI. */
function nameOf(place: string): string {
  if (!/^[a-z][a-z0-9+.-]+:/i.test(place)) return basename(place);
  try {
    return basename(place.startsWith('file:') ? fileURLToPath(place) : decodeURIComponent(new URL(place).pathname));
  } catch {
    return place.slice(place.lastIndexOf('/') + 1);
  }
}
