import { commands, type ExtensionContext, type StatusBarItem, window, workspace } from 'vscode';
import { clearCache } from './commands/clearCache.ts';
import { exportResult } from './commands/exportResult.ts';
import { freeMemory } from './commands/freeMemory.ts';
import { newNotebook } from './commands/newNotebook.ts';
import { openDatabase } from './commands/openDatabase.ts';
import { openRepl, registerReplProfile } from './commands/openRepl.ts';
import { openTour } from './commands/openTour.ts';
import { restartServer } from './commands/restartServer.ts';
import { showCache } from './commands/showCache.ts';
import { showConnections } from './commands/showConnections.ts';
import { showLog } from './commands/showLog.ts';
import { showMemory } from './commands/showMemory.ts';
import { showParallel } from './commands/showParallel.ts';
import { NOTEBOOK_TYPE } from './languageClient.ts';
import { SqlController } from './notebook/controller.ts';
import { tellOfFirstSave } from './notebook/firstSave.ts';
import { notebookSerializer } from './notebook/serializer.ts';
import { serveOutputs } from './notebook/serveOutputs.ts';
import { readClientSettings } from './readClientSettings.ts';
import { ServerProcess } from './serverProcess.ts';
import { watchServer } from './serverWatch.ts';
import { StatusBar } from './status/statusBar.ts';
import type { Subsystem } from './status/statusText.ts';

/** For tests inside the extension host. */
export interface KodiakApi {
  readonly server: ServerProcess;
  readonly statusItems: Readonly<Record<Subsystem, StatusBarItem>>;
}

let running: ServerProcess | undefined;

export function activate(context: ExtensionContext): KodiakApi {
  const log = window.createOutputChannel('Kodiak', { log: true });
  const server = new ServerProcess(context.extensionPath, log, readClientSettings);
  running = server;
  const statusBar = new StatusBar(server);
  const handlers = {
    'kodiak.openRepl': openRepl(server, context.extensionPath),
    'kodiak.newNotebook': newNotebook,
    'kodiak.openTour': openTour(context),
    'kodiak.openDatabase': openDatabase(server),
    'kodiak.exportResult': exportResult(server),
    'kodiak.restartServer': restartServer(server),
    'kodiak.showLog': showLog(log),
    'kodiak.showCache': showCache(server),
    'kodiak.showMemory': showMemory(server),
    'kodiak.showConnections': showConnections(server),
    'kodiak.showParallel': showParallel(server),
    'kodiak.clearCache': clearCache(server),
    'kodiak.freeMemory': freeMemory(server),
  };
  context.subscriptions.push(
    log,
    statusBar,
    workspace.registerNotebookSerializer(NOTEBOOK_TYPE, notebookSerializer, { transientOutputs: true }),
    new SqlController(server, log),
    serveOutputs(server),
    tellOfFirstSave(),
    registerReplProfile(server, context.extensionPath),
    watchServer(server, log),
    ...Object.entries(handlers).map(([command, handler]) => commands.registerCommand(command, handler)),
  );
  server.start();
  return { server, statusItems: statusBar.items };
}

export async function deactivate(): Promise<void> {
  await running?.end();
}
