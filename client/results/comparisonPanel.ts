import { randomUUID } from 'node:crypto';
import { CancellationTokenSource, Disposable, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import { COMPARISON_VIEW, type ComparedSide, type ComparisonMessage, type ComparisonRequest } from '../../server/protocol/comparison.ts';
import type { GridRequest } from '../../server/protocol/notebookOutput.ts';
import { type CompareResultsResult, cancelQuery, compareResults, queryProgress, releaseResult } from '../../server/protocol/requests.ts';
import { formatDuration } from '../monitor/statsText.ts';
import { answerGrid } from '../notebook/serveOutputs.ts';
import { failureOf, presentError } from '../presentError.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { pageHtml } from './pageHtml.ts';
import type { ResultViews } from './resultViews.ts';

/** A result that can be compared. */
export interface ComparedResult extends ComparedSide {
  readonly resultId: string;
}

/** An editor tab with the rows in which two results differ. It holds them until it is closed. */
export class ComparisonPanel {
  readonly #server: ServerProcess;
  readonly #views: ResultViews;
  readonly #before: ComparedResult;
  readonly #now: ComparedResult;
  readonly #panel: WebviewPanel;
  /** Undefined: the key is guessed. */
  #key: readonly string[] | undefined;
  #unchanged = false;
  #shown: CompareResultsResult | undefined;
  #work: { readonly runId: string; readonly source: CancellationTokenSource } | undefined;
  #disposed = false;

  constructor(server: ServerProcess, views: ResultViews, extensionUri: Uri, before: ComparedResult, now: ComparedResult) {
    this.#server = server;
    this.#views = views;
    this.#before = before;
    this.#now = now;
    const folder = Uri.joinPath(extensionUri, 'dist', 'client', 'renderer');
    this.#panel = window.createWebviewPanel(COMPARISON_VIEW, `Compare: ${now.label}`, ViewColumn.Active, {
      enableScripts: true,
      retainContextWhenHidden: true,
      localResourceRoots: [folder],
    });
    const { webview } = this.#panel;
    webview.html = pageHtml(webview, Uri.joinPath(folder, 'comparison', 'main.js'), 'Kodiak Comparison');
    const subscriptions = Disposable.from(
      webview.onDidReceiveMessage((message: ComparisonRequest | GridRequest) => this.#receive(message)),
      server.onNotification(queryProgress, ({ runId, percent = 0, elapsedMs }) => {
        if (runId === this.#work?.runId)
          this.#tell({ type: 'comparing', text: `Comparing… ${Math.round(percent)} % · ${formatDuration(elapsedMs)}` });
      }),
    );
    this.#panel.onDidDispose(() => {
      this.#disposed = true;
      subscriptions.dispose();
      this.#cancel();
      this.#release(this.#shown);
    });
  }

  async #receive(message: ComparisonRequest | GridRequest): Promise<void> {
    switch (message.type) {
      case 'ready':
        await this.#compare();
        return;
      case 'chooseKey':
        await this.#chooseKey();
        return;
      case 'showUnchanged':
        this.#unchanged = message.unchanged;
        await this.#compare();
        return;
      case 'cancelComparison':
        this.#cancel();
        return;
      case 'runAgain':
        await this.#compare();
        return;
      default: {
        const reply = await answerGrid(this.#server, this.#views, message);
        if (reply !== undefined) await this.#panel.webview.postMessage(reply);
      }
    }
  }

  /** Never rejects: what goes wrong is told to the page, where what was shown stays. */
  async #compare(): Promise<void> {
    this.#cancel();
    const work = { runId: randomUUID(), source: new CancellationTokenSource() };
    this.#work = work;
    this.#tell({ type: 'comparing', text: 'Comparing…' });
    const { runId } = work;
    try {
      const params = {
        left: this.#before.resultId,
        right: this.#now.resultId,
        unchanged: this.#unchanged,
        runId,
        pinned: true,
        ...(this.#key && { key: this.#key }),
      };
      const found = await this.#server.request(compareResults, params, work.source.token);
      if (this.#disposed || this.#work !== work) {
        this.#release(found);
        return;
      }
      this.#work = undefined;
      this.#release(this.#shown);
      this.#shown = found;
      this.#show(found);
    } catch (error) {
      if (this.#disposed || (this.#work !== undefined && this.#work !== work)) return;
      this.#work = undefined;
      const failure = failureOf(error);
      this.#tell({
        type: 'comparisonFailed',
        message: failure.code === 'cancelled' ? 'The comparison was cancelled.' : presentError(failure).summary,
      });
    }
  }

  #show({ result, summary, elapsedMs }: CompareResultsResult): void {
    const side = ({ label, sql }: ComparedResult): ComparedSide => ({ label, ...(sql !== undefined && { sql }) });
    const note = `${formatDuration(elapsedMs)} · from stored rows, nothing ran again`;
    const output = { ...result, kind: 'SELECT', elapsedMs, note };
    this.#tell({
      type: 'comparison',
      comparison: { before: side(this.#before), now: side(this.#now), output, summary, unchanged: this.#unchanged },
    });
  }

  async #chooseKey(): Promise<void> {
    const { summary } = this.#shown ?? {};
    if (summary === undefined) return;
    const names = [...summary.key, ...summary.changedColumns.map(({ name }) => name)];
    const picked = await window.showQuickPick(
      names.map((name) => ({ label: name, picked: summary.key.includes(name) })),
      { canPickMany: true, title: 'Columns that tell rows apart', placeHolder: 'None of them: whole rows are compared' },
    );
    if (picked === undefined) return;
    this.#key = picked.map(({ label }) => label);
    await this.#compare();
  }

  #cancel(): void {
    const work = this.#work;
    if (work === undefined) return;
    work.source.cancel();
    this.#server.request(cancelQuery, { runId: work.runId }).catch(() => {
      // A server that is gone compares nothing.
    });
  }

  #release(found: CompareResultsResult | undefined): void {
    if (found === undefined) return;
    this.#server.request(releaseResult, { resultId: found.result.resultId }).catch(() => {
      // A server that is gone holds nothing.
    });
  }

  #tell(message: ComparisonMessage): void {
    if (!this.#disposed) void this.#panel.webview.postMessage(message);
  }
}
