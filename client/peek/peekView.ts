import {
  CodeAction,
  type CodeActionContext,
  CodeActionKind,
  type CodeActionProvider,
  CodeActionTriggerKind,
  commands,
  Disposable,
  Location,
  languages,
  Position,
  ProgressLocation,
  type Range,
  type TextDocument,
  type TextDocumentContentProvider,
  type TextEditor,
  Uri,
  window,
  workspace,
} from 'vscode';
import { type PeekQueryResult, peekQuery } from '../../server/protocol/requests.ts';
import { RunDiagnostics } from '../notebook/runDiagnostics.ts';
import type { ResultsView } from '../results/resultsView.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { failureInDocument } from './peekPlaces.ts';
import { type PeekOutcome, runPeek } from './peekRun.ts';
import { type PeekSession, sessionOf } from './peekSession.ts';
import { peekFailureText, peekText } from './peekText.ts';

const SCHEME = 'kodiak-peek';
/** Texts that can still be read; those of older peeks are gone. */
const MAX_TEXTS = 20;
/** A peek that takes longer says that it runs. */
const QUIET_MS = 400;
const KEYS = process.platform === 'darwin' ? '⌥⌘O' : 'Ctrl+Alt+O';

/** A part that was shown, for the results panel. */
interface Peeked {
  readonly uri: Uri;
  readonly found: PeekQueryResult;
  readonly session: PeekSession;
}

/** Shows the rows of a part of a statement inline, below the line that the cursor is in. */
export class PeekView implements Disposable, TextDocumentContentProvider, CodeActionProvider {
  readonly #server: ServerProcess;
  readonly #results: ResultsView;
  readonly #diagnostics = new RunDiagnostics();
  readonly #texts = new Map<string, string>();
  readonly #subscriptions: Disposable;
  #last: Peeked | undefined;
  #count = 0;

  constructor(server: ServerProcess, results: ResultsView) {
    this.#server = server;
    this.#results = results;
    this.#subscriptions = Disposable.from(
      this.#diagnostics,
      workspace.registerTextDocumentContentProvider(SCHEME, this),
      languages.registerCodeActionsProvider({ language: 'sql' }, this, { providedCodeActionKinds: [CodeActionKind.Empty] }),
    );
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? 'These rows are no longer here. Peek at them again.\n';
  }

  /** Only for a person who asks what can be done: the light bulb would be there in every query. */
  async provideCodeActions(document: TextDocument, range: Range, context: CodeActionContext): Promise<CodeAction[]> {
    if (context.triggerKind !== CodeActionTriggerKind.Invoke || context.only !== undefined) return [];
    const found = await this.#find(document, range);
    if (found === null || 'refusal' in found) return [];
    const action = new CodeAction(`Peek at the rows of ${found.title}`, CodeActionKind.Empty);
    action.command = { command: 'kodiak.peekResult', title: action.title };
    return [action];
  }

  /** Shows the part at the selection of an editor, or says why it cannot be shown. */
  async peek({ document, selection }: TextEditor): Promise<void> {
    const found = await this.#find(document, selection);
    if (found === null || 'refusal' in found) {
      const nothing = 'Nothing here gives rows. Put the cursor into a query, onto a table, or onto a common table expression.';
      void window.showInformationMessage(found?.refusal ?? nothing);
      return;
    }
    const text = document.getText();
    const session = sessionOf(document);
    this.#diagnostics.clear(document);
    const { result, rowCount } = await this.#run(found, session);
    const rows = result.statements.at(-1)?.result;
    if (result.failure?.code === 'cancelled') return;
    let shown: string;
    if (result.failure !== undefined || rows === undefined) {
      const failure = failureInDocument(result.failure ?? { code: 'bug', message: 'It gave no rows.' }, found, text);
      if (document.getText() === text) this.#diagnostics.show(document, failure);
      shown = peekFailureText(found.title, failure, text);
    } else {
      const { columns, preview } = rows;
      const keys = `${KEYS} opens all rows in the results panel · Esc closes`;
      shown = peekText({ title: found.title, columns, rows: preview, rowCount, elapsedMs: result.elapsedMs }, keys);
    }
    const uri = this.#keep(`${found.title}.txt`, shown);
    this.#last = { uri: this.#keep(`${found.title}.sql`, found.sql), found, session };
    await commands.executeCommand(
      'editor.action.peekLocations',
      document.uri,
      selection.active,
      [new Location(uri, new Position(0, 0))],
      'peek',
    );
  }

  /** Runs the part that was shown last for all its rows, in the results panel. */
  async open(): Promise<void> {
    if (this.#last === undefined) {
      void window.showInformationMessage('There is nothing to open yet: peek at a part of a query first.');
      return;
    }
    const { uri, found, session } = this.#last;
    const { sql, title } = found;
    const { sessionId, cwd } = session;
    const request = { uri: uri.toString(), text: sql, target: { sql, offset: 0 }, title, name: title, cwd, sessionId };
    await Promise.all([this.#results.runs.run(request), this.#results.reveal()]);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #find(document: TextDocument, { start, end }: Range) {
    const [from, to] = [document.offsetAt(start), document.offsetAt(end)];
    return await this.#server.request(peekQuery, { uri: document.uri.toString(), start: from, end: to });
  }

  async #run({ sql, title }: PeekQueryResult, session: PeekSession): Promise<PeekOutcome> {
    const abort = new AbortController();
    const outcome = runPeek(this.#server, sql, session, abort.signal);
    let timer: NodeJS.Timeout | undefined;
    const quiet = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), QUIET_MS);
    });
    const soon = await Promise.race([outcome, quiet]);
    clearTimeout(timer);
    if (soon !== undefined) return soon;
    const options = { location: ProgressLocation.Notification, title: `Peeking at ${title}`, cancellable: true };
    return await window.withProgress(options, async (_progress, token) => {
      token.onCancellationRequested(() => abort.abort());
      return await outcome;
    });
  }

  #keep(name: string, text: string): Uri {
    const uri = Uri.from({ scheme: SCHEME, path: `/${name.replaceAll(/[/\\\r\n]/g, '·')}`, query: String(++this.#count) });
    this.#texts.set(uri.toString(), text);
    for (const oldest of this.#texts.keys()) {
      if (this.#texts.size <= MAX_TEXTS) break;
      this.#texts.delete(oldest);
    }
    return uri;
  }
}
