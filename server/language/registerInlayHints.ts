import { type InlayHint, InlayHintKind, type InlayHintParams } from 'vscode-languageserver/node';
import type { RpcConnection } from '../client.ts';
import { guarded } from '../guarded.ts';
import type { ServerSession } from '../session.ts';
import type { DatabaseChecker } from './databaseChecker.ts';
import { type InlayHintsMode, inlayHints } from './inlayHints.ts';
import { type LanguageFeatures, placeOf, rangeOf } from './languageFeatures.ts';

interface InlayHintParts {
  readonly connection: RpcConnection;
  readonly server: ServerSession;
  readonly scopes: LanguageFeatures;
  readonly checker: DatabaseChecker;
  readonly mode: InlayHintsMode;
  /** Has the editor ask for its hints again, if it can. */
  readonly refresh: (() => void) | undefined;
}

/** Makes `textDocument/inlayHint` answerable, and has hints asked for again after a run, which may have changed tables. */
export function registerInlayHints({ connection, server, scopes, checker, mode, refresh }: InlayHintParts): void {
  connection.onRequest(
    'textDocument/inlayHint',
    guarded<InlayHintParams, InlayHint[]>(
      'textDocument/inlayHint',
      (line) => server.log(line),
      async ({ textDocument, range }, signal) => {
        const found = mode === 'off' ? undefined : await scopes.place({ textDocument, position: range.start });
        if (!found) return [];
        const { open, document, offset } = found;
        const end = scopes.offsetOf(found, textDocument.uri, range.end);
        const root = server.notebookOf(textDocument.uri) ?? textDocument.uri;
        const hints = await inlayHints(document, { start: offset, end }, mode, async (statement, queries) =>
          signal.aborted ? queries.map(() => undefined) : await checker.describe(root, placeOf(open, statement.start), queries),
        );
        return hints.map(({ offset: at, label, tooltip, kind }) => ({
          position: rangeOf(open, { start: at, end: at }).range.start,
          label,
          kind: kind === 'type' ? InlayHintKind.Type : InlayHintKind.Parameter,
          ...(kind === 'parameter' && { paddingRight: true }),
          ...(tooltip !== undefined && { tooltip }),
        }));
      },
    ),
  );
  if (mode !== 'off' && refresh) server.ranListeners.add(refresh);
}
