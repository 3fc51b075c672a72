import type { WireColumn, WireRow } from '../../server/protocol/values.ts';
import { formatCount } from '../monitor/statsText.ts';
import { isNumber, parseColumnType } from './columnType.ts';
import { type Alignment, cutToWidth, displayWidth, fitToWidth, visible } from './displayText.ts';
import type { Style } from './style.ts';
import { plainText } from './valueText.ts';

export interface BoxTable {
  readonly columns: readonly WireColumn[];
  readonly head: readonly WireRow[];
  /** Last rows; with `gap` they stand below a line of dots. */
  readonly tail: readonly WireRow[];
  readonly gap: boolean;
  /** Columns of the terminal; undefined: as wide as needed. */
  readonly width: number | undefined;
  readonly style: Style;
  /** Stands for NULL; default `NULL`. */
  readonly nullText?: string;
  /** How hidden columns can be seen, for a person: `.last shows all`. */
  readonly seeAll?: string;
}

/** No cell is wider than this, however wide the terminal is. */
const MAX_CELL = 200;
/** The same where no terminal gives a width. */
const MAX_CELL_UNBOUNDED = 80;
/** Narrower than this no column is made: then some are hidden, and the others get room to be read. */
const MIN_CELL = 8;
const READABLE_CELL = 14;
const MAX_TYPE = 16;
const NULL_TEXT = 'NULL';

interface BoxColumn {
  readonly name: string;
  readonly type: string;
  readonly alignment: Alignment;
  readonly cells: readonly (string | undefined)[];
  readonly width: number;
}

/** A result as a table of box characters: a row of names, one of types, then the rows. Data cannot break out of its cell. */
export function renderBox(table: BoxTable): string[] {
  const natural = table.columns.map((column, at) => measured(column, at, table));
  const columns = fitted(natural, table.width);
  const hidden = natural.length - columns.filter((column) => column !== undefined).length;
  const { style } = table;
  const border = (left: string, middle: string, right: string) =>
    style.dim(left + columns.map((column) => '─'.repeat((column?.width ?? 1) + 2)).join(middle) + right);
  const bar = style.dim('│');
  const line = (cell: (column: BoxColumn) => string, filler: string) =>
    `${bar} ${columns.map((column) => (column ? cell(column) : style.dim(filler))).join(` ${bar} `)} ${bar}`;
  const lines = [
    border('┌', '┬', '┐'),
    line((column) => style.bold(fitToWidth(column.name, column.width, 'center')), '…'),
    line((column) => style.dim(fitToWidth(column.type, column.width, 'center')), '…'),
    border('├', '┼', '┤'),
  ];
  const rowCount = table.head.length + table.tail.length;
  for (let at = 0; at < rowCount; at++) {
    if (table.gap && at === table.head.length)
      lines.push(line((column) => style.dim(fitToWidth('·', column.width, column.alignment)), '…'));
    lines.push(line((column) => cellOf(column, at, table), '…'));
  }
  lines.push(border('└', '┴', '┘'));
  if (hidden > 0) {
    const how = table.seeAll === undefined ? '' : `; ${table.seeAll}`;
    lines.push(style.dim(`${formatCount(hidden)} of ${formatCount(natural.length)} columns hidden: the terminal is too narrow${how}`));
  }
  return lines;
}

function measured(column: WireColumn, at: number, table: BoxTable): BoxColumn {
  const type = parseColumnType(column.type);
  const maxCell = table.width === undefined ? MAX_CELL_UNBOUNDED : MAX_CELL;
  const cells = [...table.head, ...table.tail].map((row) => {
    const text = plainText(row[at] ?? null, type);
    return text === undefined ? undefined : cutToWidth(visible(text.slice(0, maxCell * 4)), maxCell);
  });
  const name = cutToWidth(visible(column.name), maxCell);
  const content = Math.max(1, displayWidth(name), ...cells.map((cell) => displayWidth(cell ?? nullTextOf(table))));
  const typeText = visible(column.type);
  return {
    name,
    type: typeText,
    alignment: isNumber(type) ? 'right' : 'left',
    cells,
    width: Math.max(content, Math.min(displayWidth(typeText), MAX_TYPE)),
  };
}

/** The columns that fit, narrowed where needed; `undefined` stands for the hidden ones in the middle. */
function fitted(columns: readonly BoxColumn[], width: number | undefined): (BoxColumn | undefined)[] {
  if (width === undefined) return [...columns];
  const room = (count: number) => width - 3 * count - 1;
  if (sum(columns.map((column) => Math.min(column.width, MIN_CELL))) <= room(columns.length))
    return narrowed(columns, room(columns.length));
  const readable = columns.map((column) => Math.min(column.width, READABLE_CELL));
  let left = 0;
  let right = 0;
  let used = 1;
  while (left + right < columns.length) {
    const next = left <= right ? left : columns.length - 1 - right;
    const wanted = used + (readable[next] ?? 0);
    if (wanted > room(left + right + 2) && left > 0) break;
    used = wanted;
    if (left <= right) left += 1;
    else right += 1;
  }
  const kept = [...columns.slice(0, left), ...columns.slice(columns.length - right)];
  const shown = narrowed(kept, Math.max(kept.length, room(kept.length + 1) - 1));
  return [...shown.slice(0, left), undefined, ...shown.slice(left)];
}

/** Cuts the widest columns down to one common width, so that all fit into `room`. */
function narrowed(columns: readonly BoxColumn[], room: number): BoxColumn[] {
  let limit = Math.max(1, ...columns.map((column) => column.width));
  while (limit > 1 && sum(columns.map((column) => Math.min(column.width, limit))) > room) limit -= 1;
  let spare = room - sum(columns.map((column) => Math.min(column.width, limit)));
  return columns.map((column) => {
    const extra = column.width > limit && spare > 0 ? 1 : 0;
    spare -= extra;
    return { ...column, width: Math.min(column.width, limit + extra) };
  });
}

function cellOf(column: BoxColumn, at: number, table: BoxTable): string {
  const cell = column.cells[at];
  return cell === undefined
    ? table.style.dim(fitToWidth(nullTextOf(table), column.width, column.alignment))
    : fitToWidth(cell, column.width, column.alignment);
}

function nullTextOf({ nullText = NULL_TEXT }: BoxTable): string {
  return visible(nullText);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
