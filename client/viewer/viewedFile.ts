import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { commands, Disposable, RelativePattern, Uri, type WebviewPanel, workspace } from 'vscode';
import type { ReadOptions, ShownFile, ViewedTable, ViewerMessage, ViewerRequest } from '../../server/protocol/dataViewer.ts';
import type { ChartRequest, GridRequest } from '../../server/protocol/notebookOutput.ts';
import { leaveDatabase, lookAtDatabase, readDatabaseFile } from '../../server/protocol/requests.ts';
import type { PanelMessage, PanelRequest } from '../../server/protocol/resultsPanel.ts';
import { filePattern } from '../explorer/dataFiles.ts';
import { formatBytes } from '../monitor/statsText.ts';
import { exportName } from '../notebook/exportFile.ts';
import { saveChart } from '../notebook/saveChart.ts';
import { answerChart, chartFile, isChartRequest } from '../notebook/serveCharts.ts';
import { answerGrid } from '../notebook/serveOutputs.ts';
import { givePlanText } from '../notebook/servePlans.ts';
import { failureOf, presentError } from '../presentError.ts';
import { pageHtml } from '../results/pageHtml.ts';
import { PanelRuns } from '../results/panelRuns.ts';
import type { ResultViews } from '../results/resultViews.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';
import { settingValue, useDatabase } from '../useDatabase.ts';
import { firstLook, HEAD_BYTES } from './fileKind.ts';
import { openAsNotebook, openAsQuery } from './openElsewhere.ts';
import { readAdvice } from './readAdvice.ts';
import { fileRowsSql, tableRowsSql } from './readSql.ts';

/** Of a larger file only the first rows are read before somebody asks for all: they are kept in a store of their own. */
const LARGE_BYTES = 1024 * 1024 * 1024;
const FIRST_ROWS = 1_000_000;

interface ViewerParts {
  readonly server: ServerProcess;
  readonly views: ResultViews;
  readonly extensionUri: Uri;
}

/** One editor of a data file: reads it, shows what is read, and gives everything back when it is closed. */
export class ViewedFile implements Disposable {
  readonly #uri: Uri;
  readonly #panel: WebviewPanel;
  readonly #parts: ViewerParts;
  readonly #runs: PanelRuns;
  readonly #subscriptions: Disposable;
  /** Names the session. */
  readonly #session = `kodiak-viewer:${randomUUID()}`;
  #shown: ShownFile;
  #tables: readonly ViewedTable[] = [];
  /** The table that was looked at last, also while the file is read anew. */
  #chosen: ViewedTable | undefined;
  /** What the file was when it was read. */
  #read: string | undefined;
  #reading: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(uri: Uri, panel: WebviewPanel, parts: ViewerParts) {
    this.#uri = uri;
    this.#panel = panel;
    this.#parts = parts;
    this.#shown = { name: basename(uri.path), size: '', options: { kind: 'csv' } };
    this.#runs = new PanelRuns(
      parts.server,
      (message) => this.#tellRun(message),
      () => false,
    );
    const pages = Uri.joinPath(parts.extensionUri, 'dist', 'client', 'renderer');
    panel.webview.options = { enableScripts: true, localResourceRoots: [pages] };
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.joinPath(uri, '..'), '*'));
    const noteChange = (changed: Uri) => {
      if ([uri, besides(uri)].some((own) => own.toString() === changed.toString())) void this.#compare();
    };
    this.#subscriptions = Disposable.from(
      panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
      panel.onDidChangeViewState(() => this.#runs.setVisible(panel.visible)),
      watcher,
      watcher.onDidChange(noteChange),
      watcher.onDidCreate(noteChange),
      watcher.onDidDelete(noteChange),
      parts.server.onDidReplace(() => this.#runs.serverEnded('The Kodiak server was started anew: reload to see all rows again.')),
    );
    panel.webview.html = pageHtml(panel.webview, Uri.joinPath(pages, 'viewer', 'main.js'), 'Kodiak Data Viewer');
    this.#runs.setVisible(panel.visible);
    this.#begin(() => this.#openFile());
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#subscriptions.dispose();
    this.#runs.closeAll();
    this.#runs.dispose();
  }

  /** One reading after the other: a newer one begins when the older one has given its file free. */
  #begin(read: () => Promise<void>): void {
    const { active } = this.#runs;
    if (active?.state === 'running') this.#runs.cancel(active.runId);
    this.#reading = this.#reading.then(async () => {
      if (this.#disposed) return;
      try {
        await read();
      } catch (error) {
        this.#fail(presentError(failureOf(error)).text);
      }
    });
  }

  async #openFile(keep?: ReadOptions): Promise<void> {
    if (this.#uri.scheme !== 'file') {
      this.#show({ failure: `DuckDB reads files on a disk only, not ${this.#uri.scheme}: files.` });
      return;
    }
    const path = this.#uri.fsPath;
    const stat = await Promise.resolve(workspace.fs.stat(this.#uri)).catch(() => undefined);
    if (stat === undefined) {
      this.#show({ failure: `${path} is not there, or reading it is not permitted.` });
      return;
    }
    this.#read = await this.#stamp();
    const { options, notice, problem } = firstLook(path, stat.size, await firstBytes(path));
    const limited = stat.size > LARGE_BYTES && options.kind !== 'database' ? { ...options, limit: FIRST_ROWS } : options;
    const advice = limited.limit === undefined ? notice : `These are the first rows: the file has ${formatBytes(stat.size)}.`;
    this.#shown = { name: this.#shown.name, size: formatBytes(stat.size), options: keep ?? limited };
    if (problem !== undefined) {
      this.#fail(problem);
      return;
    }
    this.#show(keep === undefined && advice !== undefined ? { advice } : {});
    if (this.#shown.options.kind === 'database') await this.#openDatabase(path);
    else await this.#readRows();
  }

  async #openDatabase(path: string): Promise<void> {
    const { tables } = await this.#parts.server.request(readDatabaseFile, { path });
    this.#tables = tables.map(({ schema, name, kind, estimatedRows, columns }) => ({
      schema,
      name,
      kind,
      ...(estimatedRows !== undefined && { estimatedRows }),
      columns,
    }));
    const same = this.#tables.findIndex(({ schema, name }) => schema === this.#chosen?.schema && name === this.#chosen.name);
    this.#show({ tables: this.#tables });
    if (this.#tables.length > 0) await this.#readTable(Math.max(0, same));
  }

  /** The file is attached only while its rows are read. */
  async #readTable(index: number): Promise<void> {
    const table = this.#tables[index];
    if (table === undefined) return;
    this.#chosen = table;
    this.#show({ table: index });
    const { server } = this.#parts;
    const path = this.#uri.fsPath;
    const { name } = await server.request(lookAtDatabase, { path });
    try {
      await this.#run(`-- kodiak: no-cache\n${tableRowsSql(name, table)}`, table.name);
    } finally {
      await server.request(leaveDatabase, { path }).catch(() => {
        // A server that is gone holds nothing.
      });
    }
  }

  async #readRows(): Promise<void> {
    const path = this.#uri.fsPath;
    const { options } = this.#shown;
    await this.#run(fileRowsSql(filePattern({ folder: dirname(path), path: basename(path) }, undefined), options), this.#shown.name);
  }

  async #run(sql: string, title: string): Promise<void> {
    const before = this.#runs.active?.runId;
    const ended = this.#runs.run({
      uri: this.#session,
      text: sql,
      target: { sql, offset: 0 },
      title,
      name: this.#shown.name,
      cwd: dirname(this.#uri.fsPath),
    });
    const { active } = this.#runs;
    if (before !== undefined && before !== active?.runId) this.#runs.close(before);
    const { failure } = await ended;
    const advice = failure === undefined ? undefined : readAdvice(this.#shown.options.kind, failure.text);
    if (advice !== undefined) this.#show({ advice });
  }

  /** Nothing but the reason is on the screen. */
  #fail(failure: string): void {
    const { active } = this.#runs;
    if (active !== undefined) this.#runs.close(active.runId);
    const advice = readAdvice(this.#shown.options.kind, failure);
    this.#show({ failure, ...(advice !== undefined && { advice }) });
  }

  #show(change: Partial<ShownFile>): void {
    this.#shown = { ...this.#shown, ...change };
    this.#tell({ type: 'file', file: this.#shown });
  }

  #tellRun(message: PanelMessage): void {
    this.#tell(message);
  }

  #tell(message: ViewerMessage): void {
    if (!this.#disposed) void this.#panel.webview.postMessage(message);
  }

  /** Whether the file is still what was read. */
  async #compare(): Promise<void> {
    const stamp = await this.#stamp();
    const { changed: _changed, ...shown } = this.#shown;
    this.#shown = shown;
    if (stamp === undefined) this.#show({ changed: 'gone' });
    else this.#show(stamp === this.#read ? {} : { changed: 'changed' });
  }

  /** Size and time of the file, and of what was written last to a database and stands in a file beside it; undefined when it is gone. */
  async #stamp(): Promise<string | undefined> {
    const files = [this.#uri, besides(this.#uri)].map((uri) => Promise.resolve(workspace.fs.stat(uri)).catch(() => undefined));
    const [file, log] = await Promise.all(files);
    return file && [file, log].map((stat) => `${stat?.mtime} ${stat?.size}`).join();
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
          this.#tell({ type: 'file', file: this.#shown });
          this.#runs.tellAll();
          return;
        case 'readWith':
          this.#begin(() => this.#openFile(message.options));
          return;
        case 'chooseTable':
          this.#begin(() => this.#readTable(message.table));
          return;
        case 'reload':
        case 'rerun':
        case 'runAgain':
          this.#begin(() => this.#openFile(this.#runs.active === undefined ? undefined : this.#shown.options));
          return;
        case 'openNotebook':
          await openAsNotebook(this.#uri, this.#shown);
          return;
        case 'openQuery':
          await openAsQuery(this.#uri, this.#shown);
          return;
        case 'useDatabase':
          await useDatabase(this.#parts.server, settingValue(this.#uri));
          return;
        case 'cancelRun':
          this.#runs.cancel(message.runId);
          return;
        case 'selectOutput':
          this.#runs.select(message.runId, message.output);
          return;
        case 'exportRun':
          await commands.executeCommand('kodiak.exportResult', { runId: message.runId, runs: this.#runs });
          return;
        case 'savePlan':
        case 'copyPlan':
          await givePlanText(message);
          return;
        case 'closeRun':
        case 'goTo':
          return;
        default: {
          const reply = await answerGrid(this.#parts.server, this.#parts.views, message);
          if (reply !== undefined && !this.#disposed) await this.#panel.webview.postMessage(reply);
        }
      }
    } catch (error) {
      await showFailure(error);
    }
  }

  /** What a chart is kept as stays in the page. */
  async #serveChart(request: ChartRequest): Promise<void> {
    const { server, views } = this.#parts;
    if (request.type === 'chart') await this.#panel.webview.postMessage(await answerChart(server, views, request));
    if (request.type !== 'exportChart') return;
    await saveChart({ ...chartFile(request), name: exportName('', this.#shown.name), folder: dirname(this.#uri.fsPath) });
  }
}

/** The write-ahead log of a database. */
function besides(uri: Uri): Uri {
  return uri.with({ path: `${uri.path}.wal` });
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function isRequest(message: unknown): message is PanelRequest | GridRequest | ViewerRequest {
  return typeof message === 'object' && message !== null && 'type' in message && typeof message.type === 'string';
}
