import { Disposable, MarkdownString, StatusBarAlignment, type StatusBarItem, window } from 'vscode';
import { engineState, statsChanged } from '../../server/protocol/requests.ts';
import type { WireStats } from '../../server/protocol/stats.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { type Subsystem, statusText } from './statusText.ts';
import { subsystemLines } from './subsystemLines.ts';

interface ItemRule {
  readonly name: string;
  readonly command: string;
}

const ITEMS: Readonly<Record<Subsystem, ItemRule>> = {
  cache: { name: 'Kodiak: cache', command: 'kodiak.showCache' },
  memory: { name: 'Kodiak: memory', command: 'kodiak.showMemory' },
  connections: { name: 'Kodiak: connections', command: 'kodiak.showConnections' },
  parallel: { name: 'Kodiak: parallel execution', command: 'kodiak.showParallel' },
};

const FIRST_PRIORITY = 60;

/** The four numbers at the bottom of the window, as the server last told them. */
export class StatusBar implements Disposable {
  readonly items: Readonly<Record<Subsystem, StatusBarItem>>;
  readonly #subscriptions: Disposable;

  constructor(server: ServerProcess) {
    this.items = {
      cache: createItem('cache', FIRST_PRIORITY),
      memory: createItem('memory', FIRST_PRIORITY - 1),
      connections: createItem('connections', FIRST_PRIORITY - 2),
      parallel: createItem('parallel', FIRST_PRIORITY - 3),
    };
    this.#show(undefined);
    this.#subscriptions = Disposable.from(
      ...Object.values(this.items),
      server.onNotification(statsChanged, (stats) => this.#show(stats)),
      server.onNotification(engineState, ({ state }) => {
        if (state === 'closed' || state === 'failed') this.#show(undefined);
      }),
      server.onDidEnd(() => this.#show(undefined)),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #show(stats: WireStats | undefined): void {
    for (const subsystem of Object.keys(ITEMS) as Subsystem[]) {
      const item = this.items[subsystem];
      item.text = statusText(subsystem, stats);
      item.tooltip = tooltip(subsystem, stats);
    }
  }
}

function createItem(subsystem: Subsystem, priority: number): StatusBarItem {
  const rule = ITEMS[subsystem];
  const item = window.createStatusBarItem(`kodiak.${subsystem}`, StatusBarAlignment.Left, priority);
  item.name = rule.name;
  item.command = rule.command;
  item.show();
  return item;
}

function tooltip(subsystem: Subsystem, stats: WireStats | undefined): MarkdownString {
  const markdown = new MarkdownString(`**${ITEMS[subsystem].name}**\n\n`);
  if (stats === undefined) markdown.appendMarkdown('No database is open yet: it opens with the first query.');
  else markdown.appendCodeblock(subsystemLines(subsystem, stats).join('\n'), 'text');
  return markdown;
}
