import { Disposable, MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';
import { engineState, statsChanged } from '../../server/protocol/requests.ts';
import type { WireStats } from '../../server/protocol/stats.ts';
import { presentError } from '../presentError.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { type Concern, statusConcern } from './statusConcern.ts';
import { type Subsystem, statusText } from './statusText.ts';
import { closedTooltip, statusTooltip, TOOLTIP_COMMANDS } from './statusTooltip.ts';
import { subsystemLines } from './subsystemLines.ts';

interface ItemRule {
  /** Under which VS Code offers to hide the item. */
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

/** The four numbers at the bottom of the window, as the server last told them. Coloured only when a person has to do something. */
export class StatusBar implements Disposable {
  readonly items: Readonly<Record<Subsystem, StatusBarItem>>;
  readonly #subscriptions: Disposable;
  /** What is on show: a tooltip that is replaced by the same one closes under the pointer. */
  readonly #looks = new Map<Subsystem, string>();

  constructor(server: ServerProcess) {
    this.items = {
      cache: createItem('cache', FIRST_PRIORITY),
      memory: createItem('memory', FIRST_PRIORITY - 1),
      connections: createItem('connections', FIRST_PRIORITY - 2),
      parallel: createItem('parallel', FIRST_PRIORITY - 3),
    };
    this.#showClosed(undefined);
    this.#subscriptions = Disposable.from(
      ...Object.values(this.items),
      server.onNotification(statsChanged, (stats) => this.#show(stats)),
      server.onNotification(engineState, ({ state, failure }) => {
        if (state === 'failed') this.#showClosed(failure === undefined ? 'It could not be opened.' : presentError(failure).text);
        else if (state === 'closed' || state === 'opening') this.#showClosed(undefined);
      }),
      server.onDidEnd(({ message, restarts }) => this.#showClosed(restarts ? undefined : message)),
      server.onDidReplace(() => this.#showClosed(undefined)),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #show(stats: WireStats): void {
    for (const subsystem of Object.keys(ITEMS) as Subsystem[]) {
      const concern = statusConcern(subsystem, stats);
      const { name } = ITEMS[subsystem];
      this.#fill(subsystem, stats, statusTooltip(subsystem, name, subsystemLines(subsystem, stats), concern), concern);
    }
  }

  /** One item is enough to say that something is wrong: the first. */
  #showClosed(trouble: string | undefined): void {
    for (const subsystem of Object.keys(ITEMS) as Subsystem[]) {
      const concern: Concern | undefined = trouble !== undefined && subsystem === 'cache' ? { level: 'error', text: trouble } : undefined;
      this.#fill(subsystem, undefined, closedTooltip(ITEMS[subsystem].name, trouble), concern);
    }
  }

  #fill(subsystem: Subsystem, stats: WireStats | undefined, tooltip: string, concern: Concern | undefined): void {
    const item = this.items[subsystem];
    const text = statusText(subsystem, stats);
    const look = [text, tooltip, concern?.level].join('\n');
    if (this.#looks.get(subsystem) === look) return;
    this.#looks.set(subsystem, look);
    item.text = text;
    item.backgroundColor = concern && new ThemeColor(`statusBarItem.${concern.level}Background`);
    const spoken = text.replace(/^\$\([a-z-]+\) /, '').replace('–', 'no database is open');
    item.accessibilityInformation = { label: [ITEMS[subsystem].name, spoken, concern?.text].filter(Boolean).join(', '), role: 'button' };
    const markdown = new MarkdownString(tooltip, true);
    markdown.isTrusted = { enabledCommands: [...TOOLTIP_COMMANDS] };
    item.tooltip = markdown;
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
