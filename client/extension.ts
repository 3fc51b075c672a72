import { join } from 'node:path';
import { commands, type ExtensionContext, type StatusBarItem, window, workspace } from 'vscode';
import { EXPLAIN_STATEMENT_COMMAND, RUN_STATEMENT_COMMAND } from '../server/protocol/requests.ts';
import { AssertionTests } from './assertions/assertionTests.ts';
import { MonitorView } from './cockpit/monitorView.ts';
import { addParameters } from './commands/addParameters.ts';
import { backupDatabase } from './commands/backupDatabase.ts';
import { cancelRun } from './commands/cancelRun.ts';
import { clearCache } from './commands/clearCache.ts';
import { clearResults } from './commands/clearResults.ts';
import { compareResults, compareWithPinned } from './commands/compareResults.ts';
import { copyItemName } from './commands/copyItemName.ts';
import { copyItemSelect } from './commands/copyItemSelect.ts';
import { copyResult } from './commands/copyResult.ts';
import { explain } from './commands/explain.ts';
import { exportNotebook } from './commands/exportNotebook.ts';
import { exportResult } from './commands/exportResult.ts';
import { forgetResults } from './commands/forgetResults.ts';
import { freeMemory } from './commands/freeMemory.ts';
import { importNotebook } from './commands/importNotebook.ts';
import { insertItemName } from './commands/insertItemName.ts';
import { nameResult } from './commands/nameResult.ts';
import { newNotebook } from './commands/newNotebook.ts';
import { newNotebookFromItem } from './commands/newNotebookFromItem.ts';
import { openAsDatabase } from './commands/openAsDatabase.ts';
import { openDatabase } from './commands/openDatabase.ts';
import { openInViewer } from './commands/openInViewer.ts';
import { openMonitor } from './commands/openMonitor.ts';
import { openPeek } from './commands/openPeek.ts';
import { openRepl, registerReplProfile } from './commands/openRepl.ts';
import { openTour } from './commands/openTour.ts';
import { peekResult } from './commands/peekResult.ts';
import { pinResult, unpinResult } from './commands/pinResult.ts';
import { previewItem } from './commands/previewItem.ts';
import { refreshExplorer } from './commands/refreshExplorer.ts';
import { restartServer } from './commands/restartServer.ts';
import { restoreDatabase } from './commands/restoreDatabase.ts';
import { run } from './commands/run.ts';
import { runAll } from './commands/runAll.ts';
import { runStaleCells } from './commands/runStaleCells.ts';
import { showCache } from './commands/showCache.ts';
import { showConnections } from './commands/showConnections.ts';
import { showDependencyGraph } from './commands/showDependencyGraph.ts';
import { showLog } from './commands/showLog.ts';
import { showMemory } from './commands/showMemory.ts';
import { showParallel } from './commands/showParallel.ts';
import { summarizeItem } from './commands/summarizeItem.ts';
import { CellPictures } from './exchange/cellPictures.ts';
import { ExplorerViews } from './explorer/explorerViews.ts';
import { historyCommands } from './history/historyCommands.ts';
import { HistoryView } from './history/historyView.ts';
import { NOTEBOOK_TYPE } from './languageClient.ts';
import { ConflictDiagnostics } from './notebook/conflictDiagnostics.ts';
import { SqlController } from './notebook/controller.ts';
import { tellOfFirstSave } from './notebook/firstSave.ts';
import { guideFirstSteps } from './notebook/guideFirstSteps.ts';
import { OutputArchive } from './notebook/outputArchive.ts';
import { PinMemory } from './notebook/pinMemory.ts';
import { notebookSerializer } from './notebook/serializer.ts';
import { serveAsOf } from './notebook/serveAsOf.ts';
import { serveOutputs } from './notebook/serveOutputs.ts';
import { servePlans } from './notebook/servePlans.ts';
import { PeekView } from './peek/peekView.ts';
import { readClientSettings } from './readClientSettings.ts';
import { ResultsView } from './results/resultsView.ts';
import { ResultViews } from './results/resultViews.ts';
import { runLens } from './results/runLens.ts';
import { ServerProcess } from './serverProcess.ts';
import { watchServer } from './serverWatch.ts';
import { StatusBar } from './status/statusBar.ts';
import type { Subsystem } from './status/statusText.ts';
import { DataViewer } from './viewer/dataViewer.ts';

/** For tests inside the extension host. */
export interface KodiakApi {
  readonly server: ServerProcess;
  readonly results: ResultsView;
  readonly statusItems: Readonly<Record<Subsystem, StatusBarItem>>;
}

let running: ServerProcess | undefined;

export function activate(context: ExtensionContext): KodiakApi {
  const archiveFolder = join(context.globalStorageUri.fsPath, 'results');
  const log = window.createOutputChannel('Kodiak', { log: true });
  const historyFolder = join(context.globalStorageUri.fsPath, 'history');
  const server = new ServerProcess(context.extensionPath, log, () => ({ ...readClientSettings(), archiveFolder, historyFolder }));
  running = server;
  const statusBar = new StatusBar(server);
  const views = new ResultViews(server);
  const results = new ResultsView(server, views, context.extensionUri);
  const monitor = new MonitorView(server, context.extensionUri);
  const explorer = new ExplorerViews(server, results);
  const controller = new SqlController(server, log, new PinMemory(context.workspaceState));
  const peek = new PeekView(server, results);
  const history = new HistoryView(server, results);
  const archive = new OutputArchive(server, archiveFolder, controller);
  const compared = { server, views, pins: controller.pins, runs: results.runs, extensionUri: context.extensionUri };
  const handlers = {
    'kodiak.openRepl': openRepl(server, context.extensionPath),
    'kodiak.newNotebook': newNotebook,
    'kodiak.importNotebook': importNotebook(controller),
    'kodiak.exportNotebook': exportNotebook(new CellPictures(server, views, context.extensionPath)),
    'kodiak.addParameters': addParameters,
    'kodiak.nameResult': nameResult,
    'kodiak.pinResult': pinResult(controller.pins),
    'kodiak.unpinResult': unpinResult(controller.pins),
    'kodiak.compareResults': compareResults(compared),
    'kodiak.compareWithPinned': compareWithPinned(compared),
    'kodiak.openTour': openTour(context),
    'kodiak.openDatabase': openDatabase(server),
    'kodiak.exportResult': exportResult(server, views, results.runs),
    'kodiak.copyResult': copyResult(server, views, results.runs),
    'kodiak.run': run(results),
    'kodiak.runAll': runAll(results),
    'kodiak.runStaleCells': runStaleCells(controller.freshness),
    'kodiak.showDependencyGraph': showDependencyGraph(server, controller.freshness, context.extensionUri),
    'kodiak.peekResult': peekResult(peek),
    'kodiak.openPeek': openPeek(peek),
    'kodiak.explain': explain({ server, results, controller }, 'explain'),
    'kodiak.profile': explain({ server, results, controller }, 'profile'),
    'kodiak.cancelRun': cancelRun(results),
    'kodiak.clearResults': clearResults(results),
    'kodiak.previewItem': previewItem(explorer),
    'kodiak.summarizeItem': summarizeItem(explorer),
    'kodiak.copyItemName': copyItemName(explorer),
    'kodiak.copyItemSelect': copyItemSelect(server, explorer),
    'kodiak.insertItemName': insertItemName(explorer),
    'kodiak.newNotebookFromItem': newNotebookFromItem(explorer),
    'kodiak.openInViewer': openInViewer(explorer),
    'kodiak.openAsDatabase': openAsDatabase(server, explorer),
    'kodiak.refreshExplorer': refreshExplorer(explorer),
    'kodiak.restartServer': restartServer(server),
    'kodiak.showLog': showLog(log),
    'kodiak.showCache': showCache(server),
    'kodiak.showMemory': showMemory(server),
    'kodiak.showConnections': showConnections(server),
    'kodiak.showParallel': showParallel(server),
    'kodiak.openMonitor': openMonitor(monitor),
    'kodiak.clearCache': clearCache(server),
    'kodiak.freeMemory': freeMemory(server),
    'kodiak.forgetResults': forgetResults(server),
    ...historyCommands(history, server),
    'kodiak.backupDatabase': backupDatabase(server, databaseSetting),
    'kodiak.restoreDatabase': restoreDatabase(server, databaseSetting),
  };
  context.subscriptions.push(
    log,
    statusBar,
    results,
    monitor,
    explorer,
    history,
    server.onCommand(RUN_STATEMENT_COMMAND, runLens(results, false)),
    server.onCommand(EXPLAIN_STATEMENT_COMMAND, runLens(results, true)),
    workspace.registerNotebookSerializer(NOTEBOOK_TYPE, archive.reopening(notebookSerializer), { transientOutputs: true }),
    archive,
    serveAsOf(server),
    controller,
    peek,
    new DataViewer(server, views, context.extensionUri),
    new AssertionTests(server, controller),
    serveOutputs(server, views),
    servePlans(),
    new ConflictDiagnostics(),
    guideFirstSteps(controller),
    tellOfFirstSave(),
    registerReplProfile(server, context.extensionPath),
    watchServer(server, log),
    ...Object.entries(handlers).map(([command, handler]) => commands.registerCommand(command, handler)),
  );
  server.start();
  return { server, results, statusItems: statusBar.items };
}

/** The database's file, or nothing for one in memory. */
function databaseSetting(): string {
  return String(readClientSettings()['database'] ?? '');
}

export async function deactivate(): Promise<void> {
  await running?.end();
}
