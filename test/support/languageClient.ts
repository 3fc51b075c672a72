import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';
import { createMessageConnection, type InitializeResult, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { type LanguageServer, startLanguageServer } from '../../server/languageServer.ts';
import type { OpenEngine } from '../../server/loadEngine.ts';
import { RpcClient } from './rpcClient.ts';
import { temporaryFolder } from './temporaryFolder.ts';

export interface LanguageClientOptions {
  /** `initializationOptions` as an editor may send them. */
  readonly settings?: unknown;
  /** URI of the workspace folder. */
  readonly rootUri?: string;
  readonly startFolder?: string;
  readonly loadEngine?: () => Promise<OpenEngine>;
}

export interface EditorSide {
  readonly client: RpcClient;
  readonly initialized: InitializeResult;
  readonly server: LanguageServer;
}

/** The real server code and an editor's end, joined by two pipes in memory. Closed with the test. */
export async function startEditor(options: LanguageClientOptions = {}): Promise<EditorSide> {
  process.env['KODIAK_RUNTIME_DIR'] = temporaryFolder();
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const server = startLanguageServer({
    reader: new StreamMessageReader(toServer),
    writer: new StreamMessageWriter(toClient),
    startFolder: options.startFolder ?? process.cwd(),
    version: '1.2.3',
    ...(options.loadEngine && { loadEngine: options.loadEngine }),
  });
  onTestFinished(() => server.close());
  const client = new RpcClient(createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer)));
  const initialized = await client.connection.sendRequest<InitializeResult>('initialize', {
    processId: null,
    rootUri: options.rootUri ?? null,
    capabilities: {},
    initializationOptions: options.settings,
  });
  await client.connection.sendNotification('initialized', {});
  return { client, initialized, server };
}
