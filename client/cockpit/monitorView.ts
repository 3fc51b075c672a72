import { commands, Disposable, Uri, type WebviewView, window, workspace } from 'vscode';
import { type ActivityNews, activityChanged, cancelRunning, invalidateCacheEntry, watchActivity } from '../../server/protocol/activity.ts';
import { MONITOR_VIEW, type MonitorCommand, type MonitorMessage, type MonitorRequest } from '../../server/protocol/monitorPage.ts';
import { engineState, readStats, statsChanged } from '../../server/protocol/requests.ts';
import { failureOf, presentError } from '../presentError.ts';
import { pageHtml } from '../results/pageHtml.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';
import { sessionNames, shownNews } from './shownNews.ts';

const COMMANDS: Readonly<Record<MonitorCommand, string>> = {
  clearCache: 'kodiak.clearCache',
  freeMemory: 'kodiak.freeMemory',
  newNotebook: 'kodiak.newNotebook',
  openDatabase: 'kodiak.openDatabase',
  openTour: 'kodiak.openTour',
  restartServer: 'kodiak.restartServer',
};

/** The view in the panel area that shows what goes on. The server tells of it only while the view is on the screen. */
export class MonitorView implements Disposable {
  readonly #server: ServerProcess;
  readonly #pageFolder: Uri;
  readonly #subscriptions: Disposable;
  #names: Record<string, string> = {};
  #view: WebviewView | undefined;
  /** The page has asked for news. */
  #ready = false;

  constructor(server: ServerProcess, extensionUri: Uri) {
    this.#server = server;
    this.#pageFolder = Uri.joinPath(extensionUri, 'dist', 'client', 'renderer');
    this.#subscriptions = Disposable.from(
      window.registerWebviewViewProvider(MONITOR_VIEW, { resolveWebviewView: (view) => this.#resolve(view) }),
      server.onNotification(activityChanged, (news) => this.#news(news)),
      server.onNotification(statsChanged, (stats) => this.#tell({ type: 'stats', stats })),
      server.onNotification(engineState, ({ failure }) => {
        if (failure) this.#tell({ type: 'failed', message: presentError(failure).text });
      }),
      server.onDidEnd(({ message, restarts }) => this.#tell({ type: 'ended', message, restarts })),
      server.onDidReplace(() => void this.#watch()),
    );
  }

  /** Brings the view to the front, with the focus. */
  async reveal(): Promise<void> {
    await commands.executeCommand(`${MONITOR_VIEW}.focus`);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #resolve(view: WebviewView): void {
    this.#view = view;
    this.#ready = false;
    view.webview.options = { enableScripts: true, localResourceRoots: [this.#pageFolder] };
    view.webview.html = pageHtml(view.webview, Uri.joinPath(this.#pageFolder, 'monitor', 'main.js'), 'Kodiak Monitor');
    const subscriptions = Disposable.from(
      view.webview.onDidReceiveMessage((request: MonitorRequest) => this.#receive(request)),
      // Its page goes when it is hidden, and comes again as a new one, which says that it is ready.
      view.onDidChangeVisibility(() => {
        if (!view.visible) this.#leave();
      }),
    );
    view.onDidDispose(() => {
      subscriptions.dispose();
      if (this.#view !== view) return;
      this.#view = undefined;
      this.#leave();
    });
  }

  async #receive(request: MonitorRequest): Promise<void> {
    try {
      switch (request.type) {
        case 'ready':
          this.#ready = true;
          await this.#watch();
          return;
        case 'cancel': {
          const { found } = await this.#server.request(cancelRunning, { id: request.id, from: 'the Kodiak Monitor' });
          this.#tell({ type: 'said', text: found ? `The query of ${request.name} is cancelled.` : 'That query has ended already.' });
          return;
        }
        case 'invalidate': {
          const { found } = await this.#server.request(invalidateCacheEntry, { id: request.id });
          this.#tell({
            type: 'said',
            text: found ? 'The entry is removed: the next run computes it.' : 'That entry was not in the cache any more.',
          });
          return;
        }
        case 'command':
          await commands.executeCommand(COMMANDS[request.command]);
          return;
      }
    } catch (error) {
      await showFailure(error);
    }
  }

  /** Asks for all that is known, and to be told from now on. */
  async #watch(): Promise<void> {
    if (!this.#ready) return;
    try {
      const news = await this.#server.request(watchActivity, { watching: true });
      // At once: what is told meanwhile is newer.
      if (news !== null) this.#news(news);
      this.#tell({ type: 'stats', stats: await this.#server.request(readStats, null) });
    } catch (error) {
      this.#tell({ type: 'ended', message: presentError(failureOf(error)).text, restarts: false });
    }
  }

  #leave(): void {
    if (!this.#ready) return;
    this.#ready = false;
    this.#server.request(watchActivity, { watching: false }).catch(() => {
      // A server that is gone tells nothing.
    });
  }

  #news(news: ActivityNews): void {
    const notebooks = new Set(workspace.notebookDocuments.map(({ uri }) => uri.toString()));
    const names = sessionNames(news, (sessionId) => notebooks.has(sessionId));
    // Details come seldom, and speak of sessions that later news do not name.
    this.#names = news.details ? names : { ...this.#names, ...names };
    this.#tell({ type: 'news', news: shownNews(news), names: this.#names });
  }

  #tell(message: MonitorMessage): void {
    if (this.#ready) void this.#view?.webview.postMessage(message);
  }
}
