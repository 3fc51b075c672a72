import { ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { isDatabaseFile } from './dataFiles.ts';
import type { ExplorerNode } from './explorerNode.ts';
import { nodeLook } from './nodeLook.ts';

const STATES = {
  leaf: TreeItemCollapsibleState.None,
  closed: TreeItemCollapsibleState.Collapsed,
  open: TreeItemCollapsibleState.Expanded,
} as const;

/** A node as VS Code draws it. A click on a data file shows its first rows. */
export function treeItem(node: ExplorerNode): TreeItem {
  const { id, label, description, tooltip, icon, role, state, actions } = nodeLook(node);
  const item = new TreeItem(label, STATES[state]);
  item.id = id;
  item.description = description;
  item.tooltip = tooltip;
  item.iconPath = new ThemeIcon(icon);
  item.contextValue = actions.join(' ');
  item.accessibilityInformation = { label: [label, role, description].filter((text) => text !== '').join(', ') };
  if (node.kind === 'file' && !isDatabaseFile(node.file))
    item.command = { command: 'kodiak.previewItem', title: 'Preview', arguments: [node] };
  if (node.kind === 'offer') item.command = { command: node.command, title: node.text };
  return item;
}
