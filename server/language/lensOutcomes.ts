import { CodeLensRefreshRequest, type createConnection, type TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { EndedRun } from '../runOutcome.ts';
import type { ServerSession } from '../session.ts';
import type { CodeLenses } from './codeLenses.ts';

export interface LensOutcomeParts {
  readonly connection: ReturnType<typeof createConnection>;
  readonly server: ServerSession;
  readonly documents: TextDocuments<TextDocument>;
  /** True when the editor lets its code lenses be asked for again. */
  readonly refreshesLenses: boolean;
}

/** Has code lenses tell how statements of open documents ended, in whatever way they were run. Gives the end of this. */
export function showLensOutcomes(lenses: CodeLenses, { connection, server, documents, refreshesLenses }: LensOutcomeParts): () => void {
  const show = ({ sessionId, sql, result }: EndedRun) => {
    if (documents.get(sessionId) === undefined) return;
    lenses.ran(sessionId, sql, result);
    if (refreshesLenses) connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
  };
  server.outcomeListeners.add(show);
  return () => server.outcomeListeners.delete(show);
}
