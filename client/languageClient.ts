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

/** Where the SQL files are that the server knows as documents. */
export const SQL_SCHEMES: readonly string[] = ['file', 'untitled'];

/** Type of the notebooks in `.ipynb` files. */
const JUPYTER_TYPE = 'jupyter-notebook';

/** Carries out a command of the server's in the client's own way. */
export type CommandHandler = (...args: unknown[]) => unknown;

/**
 * A language client for one life of the server process: it neither restarts nor shows messages of its own, because who made it
 * does both and knows how the process ended.
 */
export class SingleLifeClient extends LanguageClient {
  constructor(
    transports: () => Promise<MessageTransports>,
    log: LogOutputChannel,
    settings: object,
    handlerOf: (command: string) => CommandHandler | undefined,
  ) {
    super('kodiak', 'Kodiak', transports, clientOptions(log, settings, handlerOf));
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

function clientOptions(
  log: LogOutputChannel,
  settings: object,
  handlerOf: (command: string) => CommandHandler | undefined,
): LanguageClientOptions {
  const folder = workspace.workspaceFolders?.[0];
  return {
    documentSelector: [
      ...SQL_SCHEMES.map((scheme) => ({ language: 'sql', scheme })),
      { language: 'sql', notebook: NOTEBOOK_TYPE },
      { language: 'sql', notebook: JUPYTER_TYPE },
    ],
    middleware: {
      executeCommand: (command, args, next) => (handlerOf(command) ?? ((...given: unknown[]) => next(command, given)))(...args),
    },
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    // What is made of VS Code has names of its own.
    initializationOptions: { ...settings, editor: 'vscode' },
    ...(folder && { workspaceFolder: folder }),
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => ({ action: CloseAction.DoNotRestart, handled: true, message: 'The connection to the server is closed.' }),
    },
    initializationFailedHandler: () => false,
  };
}
