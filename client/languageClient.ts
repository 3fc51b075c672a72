import { type LogOutputChannel, workspace } from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  type MessageTransports,
  RevealOutputChannelOn,
} from 'vscode-languageclient/node';

export const NOTEBOOK_TYPE = 'kodiak-notebook';

/**
 * A language client for one life of the server process: it neither restarts nor shows messages of its own, because who made it
 * does both and knows how the process ended.
 */
export class SingleLifeClient extends LanguageClient {
  constructor(transports: () => Promise<MessageTransports>, log: LogOutputChannel, settings: unknown) {
    super('kodiak', 'Kodiak', transports, clientOptions(log, settings));
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  /** Never rejects: a connection that is gone already is stopped. */
  override async stop(timeoutMs?: number): Promise<void> {
    try {
      await super.stop(timeoutMs);
    } catch (error) {
      this.debug('The client was not stopped in the usual way.', error, false);
    }
  }
}

function clientOptions(log: LogOutputChannel, settings: unknown): LanguageClientOptions {
  const folder = workspace.workspaceFolders?.[0];
  return {
    documentSelector: [
      { language: 'sql', scheme: 'file' },
      { language: 'sql', scheme: 'untitled' },
      { language: 'sql', notebook: NOTEBOOK_TYPE },
    ],
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: settings,
    ...(folder && { workspaceFolder: folder }),
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => ({ action: CloseAction.DoNotRestart, handled: true, message: 'The connection to the server is closed.' }),
    },
    initializationFailedHandler: () => false,
  };
}
