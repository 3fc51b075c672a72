import {
  createConnection,
  type InitializeParams,
  type InitializeResult,
  type MessageReader,
  type MessageWriter,
  NotebookDocuments,
  ProposedFeatures,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { historyFolder } from './archive/archiveStore.ts';
import { attachClient } from './attachClient.ts';
import { engineOptions } from './engineOptions.ts';
import { filePath } from './filePath.ts';
import { historyOptions } from './history/historyOptions.ts';
import { DatabaseChecker } from './language/databaseChecker.ts';
import { LanguageFeatures, languageCapabilities } from './language/languageFeatures.ts';
import { LastEdits } from './language/lastEdits.ts';
import { FORMATTING_CAPABILITIES, registerFormatting } from './language/registerFormatting.ts';
import { registerInlayHints } from './language/registerInlayHints.ts';
import { LANGUAGE_CAPABILITIES, type Language, registerLanguage } from './language/registerLanguage.ts';
import { registerPeek } from './language/registerPeek.ts';
import { registerRefactorings } from './language/registerRefactorings.ts';
import type { OpenEngine } from './loadEngine.ts';
import { readArchiveFolder, readHistoryFolder, readSettings, readTrust } from './protocol/settings.ts';
import { ServerSession } from './session.ts';
import { SocketDoor } from './socketDoor.ts';
import { takeOver } from './takeOver.ts';
import { toWireFailure } from './wire.ts';

export interface LanguageServerOptions {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
  /** Where a relative database path is read from when there is no workspace. */
  readonly startFolder: string;
  /** Kodiak's version. */
  readonly version: string;
  readonly loadEngine?: () => Promise<OpenEngine>;
}

export interface LanguageServer {
  /** Interrupts and closes everything. */
  close(): Promise<void>;
  log(line: string): void;
}

const MEBIBYTE = 1024 * 1024;

/** Notebooks whose SQL cells get help. */
const NOTEBOOK_TYPES = ['kodiak-notebook', 'jupyter-notebook'];

/** Serves one editor over the language server protocol, and terminals beside it over a local socket. */
export function startLanguageServer(options: LanguageServerOptions): LanguageServer {
  const connection = createConnection(ProposedFeatures.all, options.reader, options.writer);
  const lastEdits = new LastEdits();
  const documents = new TextDocuments(lastEdits);
  const notebooks = new NotebookDocuments(documents);
  let server: ServerSession | undefined;
  let door: SocketDoor | undefined;
  let language: Language | undefined;
  let scopes: LanguageFeatures | undefined;
  let corrections: readonly string[] = [];

  function log(line: string): void {
    try {
      connection.console.info(line);
    } catch {
      // The editor is gone.
    }
  }

  async function close(): Promise<void> {
    language?.dispose();
    door?.close();
    await server?.close();
  }

  function closeSession(uri: string): void {
    server?.closeSession(uri).catch((thrown: unknown) => log(`Closing ${uri}: ${toWireFailure(thrown).message}`));
  }

  connection.onInitialize((params): InitializeResult => {
    const read = readSettings(params.initializationOptions);
    const identity = identityOf(params);
    corrections = read.corrections;
    const archiveFolder = readArchiveFolder(params.initializationOptions);
    const session = new ServerSession({
      engine: {
        ...engineOptions(read.settings, workspaceFolder(params) ?? options.startFolder),
        ...(archiveFolder !== undefined && read.settings.resultsKeepMegabytes > 0 && { historyFolder: historyFolder(archiveFolder) }),
      },
      version: options.version,
      host: identity.kind,
      takeOver: (database) => takeOver(database, { kind: identity.kind, pid: process.pid }),
      trusted: readTrust(params.initializationOptions),
      archive: {
        folder: archiveFolder,
        maxBytes: read.settings.resultsKeepMegabytes * MEBIBYTE,
      },
      history: historyOptions(read.settings, readHistoryFolder(params.initializationOptions)),
      isNotebook: (uri) => notebooks.getNotebookDocument(uri) !== undefined,
      log,
      ran: (sessionId, sql) => scopes?.ran(sessionId, sql),
      listen: (database) => (door as SocketDoor).open(database),
      notebookOf: (cellUri) => notebooks.findNotebookDocumentForCell(cellUri)?.uri,
      ...(options.loadEngine && { loadEngine: options.loadEngine }),
    });
    server = session;
    door = new SocketDoor(session);
    const checker = new DatabaseChecker(session);
    const features = new LanguageFeatures(
      session,
      checker,
      { documents, notebooks, startFolder: workspaceFolder(params) ?? options.startFolder },
      params.capabilities,
    );
    scopes = features;
    features.register(connection);
    registerFormatting({ connection, server: session, documents, checker });
    const refactorings = registerRefactorings({
      connection,
      server: session,
      scopes: features,
      checker,
      resolvesEdits: params.capabilities.textDocument?.codeAction?.resolveSupport?.properties.includes('edit') === true,
    });
    registerPeek({ connection, server: session, documents, scopes: features });
    const mode = read.settings.languageInlayHints;
    const refreshHints = () => void connection.languages.inlayHint.refresh().catch(() => undefined);
    const refresh = params.capabilities.workspace?.inlayHint?.refreshSupport === true ? refreshHints : undefined;
    registerInlayHints({ connection, server: session, scopes: features, checker, mode, refresh });
    language = registerLanguage({
      connection,
      server: session,
      client: attachClient(connection, session, identity),
      documents,
      notebooks,
      lastEdits,
      refactorings,
      scopes: features,
      checker,
      refreshesLenses: params.capabilities.workspace?.codeLens?.refreshSupport === true,
    });
    return {
      serverInfo: { name: 'kodiak', version: options.version },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        notebookDocumentSync: {
          notebookSelector: NOTEBOOK_TYPES.map((notebookType) => ({ notebook: { notebookType }, cells: [{ language: 'sql' }] })),
        },
        ...LANGUAGE_CAPABILITIES,
        ...languageCapabilities,
        ...FORMATTING_CAPABILITIES,
        inlayHintProvider: mode !== 'off',
      },
    };
  });
  connection.onInitialized(() => {
    for (const line of corrections) log(line);
    // A database file is announced when it is open; one in memory has nobody else to ask for it.
    if (server?.database === ':memory:')
      server.listen().catch((thrown: unknown) => log(`Terminals cannot attach: ${toWireFailure(thrown).message}`));
  });
  notebooks.onDidOpen(({ uri }) => language?.changed(uri));
  notebooks.onDidChange(({ notebookDocument }) => language?.changed(notebookDocument.uri));
  notebooks.onDidClose(({ uri }) => {
    server?.nameCells(uri, new Map());
    language?.closed(uri);
    scopes?.forget(uri);
    closeSession(uri);
  });
  documents.onDidClose(({ document }) => {
    language?.closed(document.uri);
    scopes?.forget(document.uri);
    closeSession(document.uri);
  });
  documents.onDidChangeContent(({ document }) => language?.changed(document.uri));
  connection.onShutdown(close);
  documents.listen(connection);
  notebooks.listen(connection);
  connection.listen();
  return { close, log };
}

/** Our extension says that it is in VS Code or something made of it; `processId` is the window's extension host. */
function identityOf(params: InitializeParams): { readonly kind: 'vscode' | 'editor'; readonly pid: number } {
  const { editor } = (params.initializationOptions ?? {}) as { readonly editor?: unknown };
  return { kind: editor === 'vscode' ? 'vscode' : 'editor', pid: params.processId ?? 0 };
}

function workspaceFolder(params: InitializeParams): string | undefined {
  return filePath(params.workspaceFolders?.[0]?.uri ?? params.rootUri);
}
