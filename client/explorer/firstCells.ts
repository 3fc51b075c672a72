import { type ExplorerNode, isMacro } from './explorerNode.ts';
import { previewSql, selectSql, summarizeSql } from './objectSql.ts';
import { shownName } from './shownName.ts';

export interface FirstCell {
  readonly kind: 'markup' | 'code';
  readonly text: string;
}

/** What a new notebook about a thing begins with: its name, its first rows and its statistics; none for what has no rows. */
export function firstCells(node: ExplorerNode, base: string | undefined): FirstCell[] {
  const title = titleOf(node);
  if (title === undefined) return [];
  const heading: FirstCell = { kind: 'markup', text: `# ${markdownText(shownName(title))}` };
  const queries = [previewSql(node, base), summarizeSql(node, base)].flatMap((sql) => (sql === undefined ? [] : `${sql};`));
  const call = queries.length === 0 ? selectSql(node, base) : undefined;
  return [heading, ...[...queries, ...(call === undefined ? [] : [call])].map((text): FirstCell => ({ kind: 'code', text }))];
}

function titleOf(node: ExplorerNode): string | undefined {
  switch (node.kind) {
    case 'object':
      return isMacro(node) ? `${node.object.name}(${(node.object.parameters ?? []).join(', ')})` : node.object.name;
    case 'column':
      return node.column.name;
    case 'file':
      return node.file.path.split('/').at(-1);
    case 'database':
    case 'schema':
    case 'folder':
    case 'note':
    case 'offer':
      return undefined;
  }
}

function markdownText(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!<>|~&$]/g, '\\$&');
}
