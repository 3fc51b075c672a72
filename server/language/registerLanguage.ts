import {
  type CodeActionContext,
  CodeActionKind,
  type createConnection,
  type NotebookDocuments,
  type ServerCapabilities,
  type TextDocuments,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { KodiakError } from '../../engine/base/errors.ts';
import type { Client, RpcConnection } from '../client.ts';
import { guarded } from '../guarded.ts';
import { runSql } from '../handlers/runSql.ts';
import { EXPLAIN_STATEMENT_COMMAND, RUN_SQL_COMMAND, RUN_STATEMENT_COMMAND, type RunSqlResult } from '../protocol/requests.ts';
import type { ScriptRun, ServerSession } from '../session.ts';
import { codeActions } from './codeActions.ts';
import { CodeLenses } from './codeLenses.ts';
import type { DatabaseChecker } from './databaseChecker.ts';
import { LiveDiagnostics } from './diagnostics.ts';
import { documentSymbols } from './documentSymbols.ts';
import { fixSources } from './fixSources.ts';
import { foldingRanges } from './folding.ts';
import type { LanguageFeatures } from './languageFeatures.ts';
import type { LastEdits } from './lastEdits.ts';
import { showLensOutcomes } from './lensOutcomes.ts';
import { withNamedResults } from './namedCells.ts';
import { isAsked, REFACTORING_KINDS, type Refactorings } from './registerRefactorings.ts';
import { selectionRanges } from './selectionRanges.ts';
import { SEMANTIC_TOKENS_LEGEND, semanticTokens } from './semanticTokens.ts';
import { sqlTextOf, statementAt } from './sqlText.ts';
import { workspaceSymbols } from './workspaceSymbols.ts';

/** What the language server tells an editor that it can do with SQL. */
export const LANGUAGE_CAPABILITIES: ServerCapabilities = {
  codeActionProvider: { codeActionKinds: ['quickfix', ...REFACTORING_KINDS], resolveProvider: true },
  codeLensProvider: { resolveProvider: false },
  documentHighlightProvider: true,
  documentSymbolProvider: true,
  executeCommandProvider: { commands: [RUN_SQL_COMMAND, RUN_STATEMENT_COMMAND, EXPLAIN_STATEMENT_COMMAND] },
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  semanticTokensProvider: { legend: SEMANTIC_TOKENS_LEGEND, full: true, range: true },
  workspaceSymbolProvider: true,
};

export interface LanguageParts {
  readonly connection: ReturnType<typeof createConnection>;
  readonly server: ServerSession;
  readonly client: Client;
  readonly documents: TextDocuments<TextDocument>;
  readonly notebooks: NotebookDocuments<TextDocument>;
  readonly lastEdits: LastEdits;
  readonly refactorings: Refactorings;
  readonly scopes: LanguageFeatures;
  readonly checker: DatabaseChecker;
  /** True when the editor lets its code lenses be asked for again. */
  readonly refreshesLenses: boolean;
}

/** SQL help for the documents of one editor. */
export interface Language {
  changed(uri: string): void;
  closed(uri: string): void;
  dispose(): void;
}

/** Makes the requests for SQL help answerable. */
export function registerLanguage({
  connection,
  server,
  client,
  documents,
  notebooks,
  lastEdits,
  refactorings,
  scopes,
  checker,
  refreshesLenses,
}: LanguageParts): Language {
  const log = (line: string) => server.log(line);
  const rpc: RpcConnection = connection;
  const lenses = new CodeLenses();
  const endLensOutcomes = showLensOutcomes(lenses, { connection, server, documents, refreshesLenses });
  const diagnostics = new LiveDiagnostics({
    server,
    find: (uri) => documents.get(uri),
    groupOf: (uri) => server.notebookOf(uri) ?? uri,
    cellsOf: (group) => withNamedResults(cellsOf(group, documents, notebooks), server.namesIn(group)),
    grammarOf: async (uri) => (await scopes.catalogOf(uri)).grammar,
    lastEdit: (document) => lastEdits.offset(document),
    publish: (uri, version, list) => {
      connection.sendDiagnostics({ uri, ...(version > 0 && { version }), diagnostics: list }).catch(() => undefined);
    },
  });
  const ran = (run: ScriptRun) => diagnostics.ran(run);
  server.ranListeners.add(ran);
  const named = (notebook: string) => diagnostics.changed(notebook);
  server.nameListeners.add(named);

  /** Answers a request about one document; `none` when it is not open. */
  function answer<Params extends { readonly textDocument: { readonly uri: string } }, Result>(
    method: string,
    none: Result,
    give: (document: TextDocument, params: Params) => Result,
  ): void {
    rpc.onRequest(
      method,
      guarded<Params, Result>(method, log, (params) => {
        const document = documents.get(params.textDocument.uri);
        return document ? give(document, params) : none;
      }),
    );
  }

  answer('textDocument/semanticTokens/full', { data: [] }, (document) => semanticTokens(document));
  answer<RangeParams, { data: number[] }>('textDocument/semanticTokens/range', { data: [] }, (document, { range }) =>
    semanticTokens(document, document.offsetAt(range.start), document.offsetAt(range.end)),
  );
  answer('textDocument/documentSymbol', [], (document) => documentSymbols(document));
  answer('textDocument/foldingRange', [], (document) => foldingRanges(document));
  answer<PositionsParams, unknown>('textDocument/selectionRange', null, async (document, { positions }) =>
    selectionRanges(document, positions, (await scopes.catalogOf(document.uri)).grammar),
  );
  answer<CodeActionParams, unknown>('textDocument/codeAction', null, async (document, { range, context }) => {
    const findings = diagnostics.findings(document.uri);
    const asks = findings.length > 0 && isAsked(CodeActionKind.QuickFix, context?.only);
    const catalog = asks ? await scopes.catalogOf(document.uri) : undefined;
    const fixes = catalog ? await codeActions(document, range, findings, fixSources({ document, catalog, server, scopes, checker })) : [];
    return [...fixes, ...(await refactorings.actions({ uri: document.uri, range }, context))];
  });
  answer('textDocument/codeLens', [], (document) => (server.notebookOf(document.uri) === undefined ? lenses.of(document) : []));
  rpc.onRequest(
    'workspace/symbol',
    guarded<{ readonly query: string }, unknown>('workspace/symbol', log, ({ query }) => workspaceSymbols(documents.all(), query)),
  );
  rpc.onRequest(
    'workspace/executeCommand',
    guarded<ExecuteCommandParams, RunSqlResult>('workspace/executeCommand', log, async (params, signal) => {
      const explains = params.command === EXPLAIN_STATEMENT_COMMAND;
      if (!explains && params.command !== RUN_STATEMENT_COMMAND) return await runSql(server, client, params, signal);
      const { uri, text } = findStatement(params, documents);
      const sql = explains ? `explain ${text}` : text;
      return await runSql(server, client, { command: RUN_SQL_COMMAND, arguments: [{ sql, uri }] }, signal);
    }),
  );
  return {
    changed: (uri) => diagnostics.changed(uri),
    closed: (uri) => {
      diagnostics.closed(uri);
      lenses.closed(uri);
    },
    dispose: () => {
      server.ranListeners.delete(ran);
      server.nameListeners.delete(named);
      endLensOutcomes();
      diagnostics.dispose();
    },
  };
}

type Position = Parameters<TextDocument['offsetAt']>[0];

interface DocumentParams {
  readonly textDocument: { readonly uri: string };
}

interface RangeParams extends DocumentParams {
  readonly range: { readonly start: Position; readonly end: Position };
}

interface CodeActionParams extends RangeParams {
  readonly context?: CodeActionContext;
}

interface PositionsParams extends DocumentParams {
  readonly positions: readonly Position[];
}

interface ExecuteCommandParams {
  readonly command: string;
  readonly arguments?: readonly unknown[];
}

/** The SQL cells of a notebook in their order, or the one document. */
function cellsOf(group: string, documents: TextDocuments<TextDocument>, notebooks: NotebookDocuments<TextDocument>): TextDocument[] {
  const notebook = notebooks.getNotebookDocument(group);
  const uris = notebook ? notebook.cells.map(({ document }) => document) : [group];
  return uris.flatMap((uri) => documents.get(uri) ?? []).filter(({ languageId }) => !notebook || isSql(languageId));
}

/** An editor may send a notebook's cells of all languages. */
function isSql(languageId: string): boolean {
  return /sql|duckdb/i.test(languageId);
}

function findStatement(
  { command, arguments: [argument] = [] }: ExecuteCommandParams,
  documents: TextDocuments<TextDocument>,
): { readonly uri: string; readonly text: string } {
  const { uri, start } = (typeof argument === 'object' && argument !== null ? argument : {}) as { uri?: unknown; start?: unknown };
  const document = typeof uri === 'string' ? documents.get(uri) : undefined;
  if (!document) throw new KodiakError('unavailable', `${command} takes one argument: { uri, start }, of an open document.`);
  const statement = statementAt(sqlTextOf(document), document.offsetAt(toPosition(start)));
  if (!statement) throw new KodiakError('unavailable', 'There is no statement there any more.');
  return { uri: document.uri, text: statement.text };
}

function toPosition(value: unknown): Position {
  const { line, character } = (typeof value === 'object' && value !== null ? value : {}) as { line?: unknown; character?: unknown };
  return { line: Number(line) || 0, character: Number(character) || 0 };
}
