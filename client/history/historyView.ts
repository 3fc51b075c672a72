import { dirname } from 'node:path';
import { commands, Disposable, type TreeView, Uri, window, workspace } from 'vscode';
import {
  type HistoryEntry,
  historyGrew,
  historyStopped,
  type ReadHistoryResult,
  readHistory,
  watchHistory,
} from '../../server/protocol/history.ts';
import { workspaceFolder } from '../explorer/explorerViews.ts';
import { QueryDocument } from '../explorer/queryDocument.ts';
import { stateText } from '../monitor/historyText.ts';
import { failureOf, presentError } from '../presentError.ts';
import type { ResultsView } from '../results/resultsView.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { choiceText, EVERYTHING, filterOf, type HistoryChoice, HistoryList, isFiltered } from './historyList.ts';
import { type HistoryNode, HistoryTree, isEntry } from './historyTree.ts';

/** Id of the view in package.json. */
export const HISTORY_VIEW = 'kodiak.history';
/** Of documents with what was run again. */
const QUERY_SCHEME = 'kodiak-history';
/** What package.json's texts for an empty view look for: `on`, `off`, `stopped`. */
const STATE_KEY = 'kodiak.historyState';
const FILTERED_KEY = 'kodiak.historyFiltered';
const PAGE = 200;

/** The view of the query history: read while it is visible, and kept up to date by what the server tells. */
export class HistoryView implements Disposable {
  readonly #server: ServerProcess;
  readonly #results: ResultsView;
  readonly #list = new HistoryList();
  readonly #tree = new HistoryTree(this.#list);
  readonly #queries = new QueryDocument(QUERY_SCHEME, 'History');
  readonly #view: TreeView<HistoryNode>;
  readonly #subscriptions: Disposable;
  #choice = EVERYTHING;
  #folder: string | undefined;
  /** Answers of older questions come too late. */
  #questions = 0;

  constructor(server: ServerProcess, results: ResultsView) {
    this.#server = server;
    this.#results = results;
    this.#view = window.createTreeView(HISTORY_VIEW, { treeDataProvider: this.#tree, canSelectMany: true });
    this.#subscriptions = Disposable.from(
      this.#view,
      this.#tree,
      this.#queries,
      workspace.registerTextDocumentContentProvider(QUERY_SCHEME, this.#queries),
      this.#view.onDidChangeVisibility(() => void this.#follow()),
      server.onDidReplace(() => void this.#follow()),
      server.onNotification(historyGrew, ({ entries }) => {
        if (this.#view.visible && this.#list.grow(entries, this.#choice)) this.#tree.refresh();
      }),
      server.onNotification(historyStopped, ({ message }) => {
        void window.showWarningMessage(`Kodiak: ${message}`);
        if (this.#view.visible) void this.refresh();
      }),
    );
  }

  get choice(): HistoryChoice {
    return this.#choice;
  }

  /** Where the files are, as far as it is known. */
  get folder(): string | undefined {
    return this.#folder;
  }

  async choose(choice: HistoryChoice): Promise<void> {
    this.#choice = choice;
    await this.refresh();
  }

  /** Reads the newest page again. */
  async refresh(): Promise<void> {
    const question = ++this.#questions;
    try {
      const answer = await this.#server.request(readHistory, { ...filterOf(this.#choice), limit: PAGE });
      if (question !== this.#questions) return;
      this.#list.restart(answer);
      this.#tell(answer);
    } catch (error) {
      if (question !== this.#questions) return;
      this.#view.message = presentError(failureOf(error)).text;
    }
    this.#tree.refresh();
  }

  async showOlder(): Promise<void> {
    const { next } = this.#list;
    if (next === undefined) return;
    const question = ++this.#questions;
    const answer = await this.#server.request(readHistory, { ...filterOf(this.#choice), limit: PAGE, before: next });
    if (question !== this.#questions) return;
    this.#list.append(answer);
    this.#tree.refresh();
  }

  /** What a menu's command is for: the selected statements if the given one is among them. */
  entries(given: unknown, all: unknown): readonly HistoryEntry[] {
    if (Array.isArray(all) && all.length > 0) return all.filter(isEntry);
    return isEntry(given) ? [given] : this.#view.selection.filter(isEntry);
  }

  /** Runs a statement in the session that it was run in, if its notebook or file is open, and shows what comes of it in the results panel. */
  async run({ sql, session }: HistoryEntry): Promise<void> {
    const isOpen = [...workspace.textDocuments, ...workspace.notebookDocuments].some(({ uri }) => uri.toString() === session);
    const file = isOpen ? Uri.parse(session) : undefined;
    const request = this.#queries.request(sql, file?.scheme === 'file' ? dirname(file.fsPath) : workspaceFolder());
    await Promise.all([this.#results.runs.run({ ...request, ...(isOpen && { sessionId: session }) }), this.#results.reveal()]);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #follow(): Promise<void> {
    const watch = this.#view.visible;
    await this.#server.request(watchHistory, { watch }).catch(() => undefined);
    if (watch) await this.refresh();
  }

  #tell(answer: ReadHistoryResult): void {
    this.#folder = answer.folder;
    const shown = choiceText(this.#choice);
    // Of an empty history that is off, the text for an empty view speaks.
    const note = answer.state === 'off' && answer.entries.length === 0 && shown === '' ? undefined : stateText(answer, false);
    const found = answer.entries.length > 0 ? '' : 'Nothing of that was run. ';
    const lines = [...(note === undefined ? [] : [note]), ...(shown === '' ? [] : [`${found}Only: ${shown}`])];
    // The text for an empty view is shown only where there is no message.
    this.#view.message = lines.join('\n');
    void commands.executeCommand('setContext', STATE_KEY, answer.state);
    void commands.executeCommand('setContext', FILTERED_KEY, isFiltered(this.#choice));
  }
}
