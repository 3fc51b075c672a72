import { commands, env, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import { readCacheEntries, readStats } from '../../server/protocol/requests.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';
import { pickLine } from './pickLine.ts';
import type { Subsystem } from './statusText.ts';
import { subsystemLines } from './subsystemLines.ts';

interface ActionItem extends QuickPickItem {
  readonly run?: () => Thenable<unknown>;
}

const TITLES: Readonly<Record<Subsystem, string>> = {
  cache: 'Kodiak: Cache',
  memory: 'Kodiak: Memory',
  connections: 'Kodiak: Connections',
  parallel: 'Kodiak: Parallel Execution',
};

/** Shows a subsystem's numbers with what can be done about them. */
export async function showSubsystem(server: ServerProcess, subsystem: Subsystem): Promise<void> {
  try {
    const stats = await server.request(readStats, null);
    const entries = subsystem === 'cache' ? (await server.request(readCacheEntries, null)).entries : undefined;
    const lines = subsystemLines(subsystem, stats, entries).filter((line) => line.trim() !== '');
    const items: ActionItem[] = [
      // First, so that a long list of cached queries does not push them out of sight; copying is what Enter does by mistake.
      { label: '$(copy) Copy', run: () => env.clipboard.writeText(lines.join('\n')) },
      { label: '$(pulse) Open Monitor', run: () => commands.executeCommand('kodiak.openMonitor') },
      { label: '$(terminal) Open REPL', run: () => commands.executeCommand('kodiak.openRepl') },
      ...actions(subsystem),
      { label: 'now', kind: QuickPickItemKind.Separator },
      ...lines.map(pickLine),
    ];
    const chosen = await window.showQuickPick(items, { title: TITLES[subsystem], placeHolder: 'Choose what to do' });
    await chosen?.run?.();
  } catch (error) {
    await showFailure(error);
  }
}

function actions(subsystem: Subsystem): ActionItem[] {
  const clear: ActionItem = { label: '$(clear-all) Clear Cache', run: () => commands.executeCommand('kodiak.clearCache') };
  const free: ActionItem = { label: '$(trash) Free Memory', run: () => commands.executeCommand('kodiak.freeMemory') };
  switch (subsystem) {
    case 'cache':
      return [clear, free];
    case 'memory':
      return [free, clear];
    case 'connections':
    case 'parallel':
      return [];
  }
}
