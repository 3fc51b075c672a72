import { commands, Disposable, Range, TextEditorRevealType, Uri, type WebviewView, window, workspace } from 'vscode';
import type { ChartRequest, GridRequest } from '../../server/protocol/notebookOutput.ts';
import { type PanelMessage, type PanelRequest, RESULTS_VIEW } from '../../server/protocol/resultsPanel.ts';
import type { WireFailure } from '../../server/protocol/values.ts';
import { askAboutRun } from '../askAboutRun.ts';
import { SQL_SCHEMES } from '../languageClient.ts';
import { askValues } from '../notebook/askValues.ts';
import { exportName } from '../notebook/exportFile.ts';
import { guessedType } from '../notebook/parameters.ts';
import { saveChart } from '../notebook/saveChart.ts';
import { answerChart, chartFile, isChartRequest } from '../notebook/serveCharts.ts';
import { answerGrid } from '../notebook/serveOutputs.ts';
import { givePlanText } from '../notebook/servePlans.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';
import { pageHtml } from './pageHtml.ts';
import { PanelRuns, type Values } from './panelRuns.ts';
import type { ResultViews } from './resultViews.ts';
import { offsetNow } from './runTarget.ts';

/** Context keys of package.json: a run goes on; rows can be exported; there is anything at all. */
const CONTEXT_KEYS = { running: 'kodiak.resultsRunning', rows: 'kodiak.resultsHaveRows', any: 'kodiak.resultsShown' } as const;

/** Asks for the values that a run missed; what was given last is proposed. */
function askForRun(): (missing: NonNullable<WireFailure['missing']>) => Promise<Values | undefined> {
  const last = new Map<string, string>();
  return async (missing) => {
    const given = await askValues(missing, 'SET VARIABLE gives it one for good.', (name) => last.get(name));
    for (const { name, value } of given ?? []) last.set(name, value);
    return given && Object.fromEntries(given.map(({ name, type, value }) => [name, { type: type ?? guessedType(value), text: value }]));
  };
}

/** The view in the panel area that shows what `.sql` files gave. */
export class ResultsView implements Disposable {
  readonly runs: PanelRuns;
  readonly #server: ServerProcess;
  readonly #views: ResultViews;
  readonly #pageFolder: Uri;
  readonly #context = new Map<string, boolean>();
  readonly #subscriptions: Disposable;
  #view: WebviewView | undefined;

  constructor(server: ServerProcess, views: ResultViews, extensionUri: Uri) {
    this.#server = server;
    this.#views = views;
    this.#pageFolder = Uri.joinPath(extensionUri, 'dist', 'client', 'renderer');
    this.runs = new PanelRuns(
      server,
      (message) => this.#tell(message),
      (uri) => workspace.textDocuments.some((document) => document.uri.toString() === uri && SQL_SCHEMES.includes(document.uri.scheme)),
      askForRun(),
      askAboutRun,
    );
    this.#subscriptions = Disposable.from(
      window.registerWebviewViewProvider(
        RESULTS_VIEW,
        { resolveWebviewView: (view) => this.#resolve(view) },
        { webviewOptions: { retainContextWhenHidden: true } },
      ),
      server.onDidReplace(() => this.runs.serverEnded('The Kodiak server was started anew: rows beyond those that are here are gone.')),
      new Disposable(() => this.runs.dispose()),
    );
  }

  /** Brings the view to the front; the focus stays where it is. */
  async reveal(): Promise<void> {
    if (this.#view === undefined) await commands.executeCommand(`${RESULTS_VIEW}.focus`, { preserveFocus: true });
    else this.#view.show(true);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #resolve(view: WebviewView): void {
    this.#view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [this.#pageFolder] };
    view.webview.html = pageHtml(view.webview, Uri.joinPath(this.#pageFolder, 'panel', 'main.js'), 'Kodiak Results');
    const subscriptions = Disposable.from(
      view.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
      view.onDidChangeVisibility(() => this.runs.setVisible(view.visible)),
    );
    view.onDidDispose(() => {
      subscriptions.dispose();
      if (this.#view === view) this.#view = undefined;
      this.runs.setVisible(false);
    });
    this.runs.setVisible(view.visible);
  }

  #tell(message: PanelMessage): void {
    this.#updateContext();
    void this.#view?.webview.postMessage(message);
  }

  async #receive(message: unknown): Promise<void> {
    if (!isRequest(message)) return;
    try {
      if (isChartRequest(message)) {
        await this.#serveChart(message);
        return;
      }
      switch (message.type) {
        case 'ready':
          this.runs.tellAll();
          return;
        case 'page':
        case 'show':
        case 'profile':
        case 'sum':
        case 'find':
        case 'value':
        case 'copy':
        case 'cancel':
          await this.#answer(message);
          return;
        case 'runAgain':
          await this.runs.rerunResult(message.resultId);
          return;
        case 'rerun':
          await this.runs.rerun(message.runId);
          return;
        case 'cancelRun':
          this.runs.cancel(message.runId);
          return;
        case 'closeRun':
          this.runs.close(message.runId);
          return;
        case 'selectOutput':
          this.runs.select(message.runId, message.output);
          return;
        case 'exportRun':
          await commands.executeCommand('kodiak.exportResult', { runId: message.runId });
          return;
        case 'savePlan':
        case 'copyPlan':
          await givePlanText(message);
          return;
        case 'goTo':
          await this.#goTo(message.runId, message.target);
          return;
      }
    } catch (error) {
      await showFailure(error);
    }
  }

  async #answer(request: Exclude<GridRequest, { readonly type: 'runAgain' }>): Promise<void> {
    const reply = await answerGrid(this.#server, this.#views, request);
    if (reply !== undefined) await this.#view?.webview.postMessage(reply);
  }

  /** What a chart is kept as stays in the page, with its run. */
  async #serveChart(request: ChartRequest): Promise<void> {
    if (request.type === 'chart') await this.#view?.webview.postMessage(await answerChart(this.#server, this.#views, request));
    if (request.type !== 'exportChart') return;
    const shown = this.runs.rows();
    await saveChart({ ...chartFile(request), name: exportName('', shown?.request.name ?? 'chart'), folder: shown?.request.cwd });
  }

  async #goTo(runId: string, place: 'statement' | 'error'): Promise<void> {
    const target = this.runs.target(runId, place);
    if (target === undefined) return;
    const document = await workspace.openTextDocument(Uri.parse(target.request.uri));
    const position = document.positionAt(offsetNow(document.getText(), target.request.target, target.offset));
    const shown = window.visibleTextEditors.find((editor) => editor.document === document);
    const column = shown?.viewColumn;
    const selection = new Range(position, position);
    const editor = await window.showTextDocument(document, { selection, ...(column !== undefined && { viewColumn: column }) });
    editor.revealRange(selection, TextEditorRevealType.InCenterIfOutsideViewport);
  }

  #updateContext(): void {
    const { active } = this.runs;
    const values = {
      [CONTEXT_KEYS.running]: active?.state === 'running',
      [CONTEXT_KEYS.rows]: this.runs.rows() !== undefined,
      [CONTEXT_KEYS.any]: active !== undefined,
    };
    for (const [key, value] of Object.entries(values)) {
      if (this.#context.get(key) === value) continue;
      this.#context.set(key, value);
      void commands.executeCommand('setContext', key, value);
    }
  }
}

function isRequest(message: unknown): message is PanelRequest | GridRequest {
  return typeof message === 'object' && message !== null && 'type' in message && typeof message.type === 'string';
}
