import { quoteName } from '../../engine/sql/sqlNames.ts';
import type { CatalogColumn } from '../../server/protocol/requests.ts';
import { fileSql } from './dataFiles.ts';
import { type ExplorerNode, isMacro, type ObjectNode } from './explorerNode.ts';

/** Rows that a preview shows. */
const PREVIEW_ROWS = 200;
/** A select list that is longer than this stands one column to a line; one with more columns is written as `*`. */
const MAX_LINE = 80;
const MAX_LISTED_COLUMNS = 200;

/** The name of a thing as SQL finds it; undefined for what has none. Relative paths start at `base`. */
export function nodeSql(node: ExplorerNode, base: string | undefined): string | undefined {
  switch (node.kind) {
    case 'database':
      return quoteName(node.database.name);
    case 'schema':
      return node.database.isDefault && node.qualifier.length < 2
        ? quoteName(node.schema.name)
        : dotted([node.database.name, node.schema.name]);
    case 'object':
      return dotted([...node.qualifier, node.object.name]);
    case 'column':
      return quoteName(node.column.name);
    case 'file':
      return fileSql(node.file, base);
    case 'folder':
    case 'note':
    case 'offer':
      return undefined;
  }
}

/** Names of several things, with commas between. */
export function nodesSql(nodes: readonly ExplorerNode[], base: string | undefined): string {
  return nodes.flatMap((node) => nodeSql(node, base) ?? []).join(', ');
}

/** The first rows; undefined for what has none or needs arguments. */
export function previewSql(node: ExplorerNode, base: string | undefined): string | undefined {
  const rows = rowsSql(node, base);
  return rows && `${rows} LIMIT ${PREVIEW_ROWS}`;
}

/** Statistics of all columns; undefined for what has no rows or needs arguments. */
export function summarizeSql(node: ExplorerNode, base: string | undefined): string | undefined {
  const isNamed = node.kind === 'file' || (node.kind === 'object' && !isMacro(node));
  const source = isNamed ? nodeSql(node, base) : rowsSql(node, base);
  return source && `SUMMARIZE ${source}`;
}

/** A query for all rows with its columns, as far as they are known. Arguments of macros are named as their parameters. */
export function selectSql(node: ExplorerNode, base: string | undefined, columns: readonly CatalogColumn[] = []): string | undefined {
  const name = nodeSql(node, base);
  if (name === undefined) return undefined;
  switch (node.kind) {
    case 'file':
      return selectFrom(name, columns);
    case 'column':
      return `SELECT ${name} FROM ${nodeSql(node.source, base)};`;
    case 'object': {
      if (node.object.kind === 'macro') return `SELECT ${callSql(node, name)};`;
      if (node.object.kind === 'tableMacro') return `SELECT * FROM ${callSql(node, name)};`;
      return selectFrom(name, columns);
    }
    case 'database':
    case 'schema':
    case 'folder':
    case 'note':
    case 'offer':
      return undefined;
  }
}

/** `FROM t`, or `SELECT c FROM t` for a column. */
function rowsSql(node: ExplorerNode, base: string | undefined): string | undefined {
  const name = nodeSql(node, base);
  if (name === undefined) return undefined;
  if (node.kind === 'file') return `FROM ${name}`;
  if (node.kind === 'column') return `SELECT ${name} FROM ${nodeSql(node.source, base)}`;
  if (node.kind !== 'object' || needsArguments(node)) return undefined;
  return `FROM ${isMacro(node) ? callSql(node, name) : name}`;
}

/** Whether a thing cannot be asked for rows as it stands. */
export function needsArguments({ object }: ObjectNode): boolean {
  return object.kind === 'macro' || (object.kind === 'tableMacro' && (object.parameters ?? []).length > 0);
}

function callSql({ object }: ObjectNode, name: string): string {
  return `${name}(${(object.parameters ?? []).map(quoteName).join(', ')})`;
}

function selectFrom(name: string, columns: readonly CatalogColumn[]): string {
  const names = columns.map((column) => quoteName(column.name));
  if (names.length === 0 || names.length > MAX_LISTED_COLUMNS) return `SELECT * FROM ${name};`;
  const line = `SELECT ${names.join(', ')} FROM ${name};`;
  return line.length <= MAX_LINE ? line : `SELECT\n  ${names.join(',\n  ')}\nFROM ${name};`;
}

function dotted(names: readonly string[]): string {
  return names.map(quoteName).join('.');
}
