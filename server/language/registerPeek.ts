import type { TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { RpcConnection } from '../client.ts';
import { guarded } from '../guarded.ts';
import { type PeekQueryParams, type PeekQueryResult, peekQuery } from '../protocol/requests.ts';
import type { ServerSession } from '../session.ts';
import type { LanguageFeatures } from './languageFeatures.ts';
import { peekAt } from './peek.ts';

interface PeekParts {
  readonly connection: RpcConnection;
  readonly server: ServerSession;
  readonly documents: TextDocuments<TextDocument>;
  readonly scopes: LanguageFeatures;
}

/** Answers which query gives the rows of a part of a statement. Running it is the editor's. */
export function registerPeek({ connection, server, documents, scopes }: PeekParts): void {
  connection.onRequest(
    peekQuery.method,
    guarded<PeekQueryParams, PeekQueryResult | { readonly refusal: string } | null>(
      peekQuery.method,
      (line) => server.log(line),
      async ({ uri, start, end }) => {
        const document = documents.get(uri);
        const place = document && (await scopes.place({ textDocument: { uri }, position: document.positionAt(start) }));
        const statement = place?.document.script.statementAt(place.offset);
        if (!place || !statement) return null;
        const base = place.offset - start;
        const found = peekAt(place.document, statement, { start: place.offset, end: Math.max(place.offset, base + end) });
        if (found === undefined) return null;
        if ('refusal' in found) return found;
        const { sql, title, range, pieces } = found;
        return {
          sql,
          title,
          start: range.start - base,
          end: range.end - base,
          pieces: pieces.map((piece) => ({ at: piece.at, start: piece.start - base, length: piece.end - piece.start })),
        };
      },
    ),
  );
}
