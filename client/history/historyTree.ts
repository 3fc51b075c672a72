import { EventEmitter, MarkdownString, ThemeColor, ThemeIcon, type TreeDataProvider, TreeItem } from 'vscode';
import type { HistoryEntry } from '../../server/protocol/history.ts';
import { visibleLines } from '../text/displayText.ts';
import type { HistoryList } from './historyList.ts';
import { historyLook, historyTooltip } from './historyLook.ts';

/** A longer statement is cut in a tooltip. */
const MAX_SQL = 3000;

/** The row below the last one, where older statements are not read yet. */
export const OLDER = { id: 'older' } as const;

export type HistoryNode = HistoryEntry | typeof OLDER;

export function isEntry(node: unknown): node is HistoryEntry {
  return typeof node === 'object' && node !== null && 'sql' in node && 'who' in node;
}

/** The statements of a list as a flat tree. */
export class HistoryTree implements TreeDataProvider<HistoryNode> {
  readonly #list: HistoryList;
  readonly #changed = new EventEmitter<undefined>();

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(list: HistoryList) {
    this.#list = list;
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  getChildren(node?: HistoryNode): HistoryNode[] {
    if (node !== undefined) return [];
    return this.#list.next === undefined ? [...this.#list.entries] : [...this.#list.entries, OLDER];
  }

  getTreeItem(node: HistoryNode): TreeItem {
    if (!isEntry(node)) return olderItem();
    const { label, description, icon, color, spoken } = historyLook(node, new Date());
    const item = new TreeItem(label);
    item.id = node.id;
    item.description = description;
    item.iconPath = new ThemeIcon(icon, color === undefined ? undefined : new ThemeColor(color));
    item.contextValue = 'statement';
    item.accessibilityInformation = { label: spoken };
    return item;
  }

  /** Made when somebody points at a row. */
  resolveTreeItem(item: TreeItem, node: HistoryNode): TreeItem {
    if (!isEntry(node)) return item;
    const sql = visibleLines(node.sql);
    const tooltip = new MarkdownString().appendCodeblock(sql.length > MAX_SQL ? `${sql.slice(0, MAX_SQL)}…` : sql, 'sql');
    for (const [label, value] of historyTooltip(node, new Date())) tooltip.appendText(`${label}: ${value}`).appendMarkdown('\n\n');
    item.tooltip = tooltip;
    return item;
  }
}

function olderItem(): TreeItem {
  const item = new TreeItem('Show Older Statements');
  item.id = OLDER.id;
  item.iconPath = new ThemeIcon('chevron-down');
  item.command = { command: 'kodiak.showOlderHistory', title: 'Show Older Statements' };
  return item;
}
