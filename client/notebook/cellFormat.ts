import { conflictsIn } from './mergeConflict.ts';

/**
 * The text of a notebook file ↔ its cells. The file is plain SQL: a line `-- %%` starts a code cell, `-- %% [markdown]` a cell
 * whose text is written as comments; a title and attributes may follow. Text before the first marker is a code cell, and so is
 * the first line of a markdown cell that is neither blank nor a comment, with all lines after it. What git could not merge stays in one cell,
 * with the markers of both versions.
 *
 * Reading and writing is lossless, for files of other programs too: each cell keeps the exact characters it came from and writes
 * them back for as long as its text is the same. Only an edited cell is written anew, in the file's dominant line ending.
 */

export type CellKind = 'code' | 'markup';

/** The characters a cell came from: `head + body + tail` is its part of the file. */
export interface CellSource {
  readonly kind: CellKind;
  /** The marker line, if there is one, and blank lines after it. */
  readonly head: string;
  /** From the first to the last line that is not blank, without the last one's line ending. */
  readonly body: string;
  /** The rest: line ending and blank lines. */
  readonly tail: string;
}

export interface FileCell {
  readonly kind: CellKind;
  /** What the editor shows: lines end with `\n`, a markdown cell's comment signs are taken off. */
  readonly text: string;
  /** Undefined for a cell that is not in the file yet. */
  readonly source?: CellSource | undefined;
}

export interface FileStyle {
  /** Byte order mark and blank lines before the first cell. */
  readonly prefix: string;
  readonly eol: string;
}

export interface NotebookFile extends FileStyle {
  readonly cells: readonly FileCell[];
}

export const newFileStyle: FileStyle = { prefix: '', eol: '\n' };

const BYTE_ORDER_MARK = '\uFEFF';
const markerPattern = /^--[ \t]*%%/;
const markdownMarkerPattern = /^(--[ \t]*%%)[ \t]*\[(?:markdown|md)\]/i;

/** Cuts a file into cells; there is always at least one. */
export function parseNotebook(text: string): NotebookFile {
  const lines = splitLines(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
  const prefix = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const eol = dominantEol(lines);
  const first = lines.findIndex((line) => !isBlank(line));
  // The cell of an empty file is a new one: what is written into it begins with a marker.
  if (lines.length === 0) return { prefix, eol, cells: [{ kind: 'code', text: '' }] };
  if (first === -1) {
    return { prefix, eol, cells: [cellOf({ kind: 'code', head: '', body: '', tail: lines.join('') })] };
  }
  const sources: CellSource[] = [];
  const conflicts = conflictsIn(lines);
  const isInConflict = (at: number) => conflicts.some((conflict) => conflict.first <= at && at <= conflict.last);
  for (let start = first; start < lines.length; ) {
    const end = lines.findIndex((line, index) => index > start && isMarker(line) && !isInConflict(index));
    sources.push(...sourcesOf(lines.slice(start, end === -1 ? undefined : end)));
    start = end === -1 ? lines.length : end;
  }
  return { prefix: prefix + lines.slice(0, first).join(''), eol, cells: sources.map(cellOf) };
}

/** The file's text; the exact inverse of `parseNotebook` where nothing was edited. */
export function writeNotebook(file: NotebookFile): string {
  const { eol, cells } = file;
  if (isEmpty(cells)) return file.prefix;
  const parts: string[] = [];
  let ended = true;
  for (const [index, cell] of cells.entries()) {
    const source = withMarkerWhereNeeded(isUnchanged(cell) ? cell.source : newSource(cell, eol), cells, index, eol);
    const part = source.head + source.body + source.tail;
    if (!ended) parts.push(eol);
    if (index > 0 && cell.source === undefined && !/(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)$/.test(parts.slice(-2).join(''))) parts.push(eol);
    parts.push(part);
    ended = part === '' ? ended : /[\r\n]$/.test(part);
  }
  return file.prefix + parts.join('');
}

/** Markdown as SQL comments, one for one. A line that would read as a marker gets a backslash, which `uncomment` takes off. */
export function comment(text: string, eol: string): string {
  return normalise(text)
    .split('\n')
    .map((line) => (line === '' ? '--' : `-- ${line.replace(/^([ \t]*)(\\*%%)/, '$1\\$2')}`))
    .join(eol);
}

export function uncomment(text: string): string {
  return normalise(text)
    .split('\n')
    .map((line) => line.replace(/^[ \t]*-- ?/, '').replace(/^([ \t]*)\\(\\*%%)/, '$1$2'))
    .join('\n');
}

/** As VS Code holds a cell's text: `\n` for every line ending, no byte order mark at the start. */
function normalise(text: string): string {
  const withoutMark = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  return withoutMark.replaceAll(/\r\n|\r/g, '\n');
}

/** What stands behind the signs of a cell's marker line; undefined for a cell without one. */
export function sourceMarker(source: CellSource | undefined): string | undefined {
  const line = splitLines(source?.head ?? '')[0] ?? '';
  if (!isMarker(line)) return undefined;
  return line.replace(markdownMarkerPattern, '').replace(markerPattern, '').trim();
}

function isEmpty(cells: readonly FileCell[]): boolean {
  const [only] = cells;
  return cells.length === 1 && only?.source === undefined && only?.kind === 'code' && only.text === '';
}

function cellOf(source: CellSource): FileCell {
  return { kind: source.kind, text: sourceText(source), source };
}

function sourceText(source: CellSource): string {
  return source.kind === 'code' ? normalise(source.body) : normalise(uncomment(source.body));
}

function isUnchanged(cell: FileCell): cell is FileCell & { source: CellSource } {
  return cell.source !== undefined && cell.source.kind === cell.kind && sourceText(cell.source) === normalise(cell.text);
}

/** The parts of an edited or new cell: new body, and as much of the old surroundings as still fits. */
function newSource(cell: FileCell, eol: string): CellSource {
  const { kind, source } = cell;
  const text = normalise(cell.text);
  const body = kind === 'code' ? text.replaceAll('\n', eol) : text === '' ? '' : comment(text, eol);
  if (source === undefined) return { kind, head: newMarker(kind, eol), body, tail: eol + eol };
  let { head, tail } = source;
  if (kind !== source.kind) head = changeMarker(head, kind, eol);
  if (body !== '' && head !== '' && !/[\r\n]$/.test(head)) head += eol;
  if (body !== '' && source.body === '' && !/^[\r\n]/.test(tail)) tail = eol + tail;
  return { kind, head, body, tail };
}

function newMarker(kind: CellKind, eol: string): string {
  return `-- %%${kind === 'markup' ? ' [markdown]' : ''}${eol}`;
}

function changeMarker(head: string, kind: CellKind, eol: string): string {
  if (!isMarker(head)) return newMarker(kind, eol) + head;
  return kind === 'code' ? head.replace(markdownMarkerPattern, '$1') : head.replace(markerPattern, '$& [markdown]');
}

/** A cell without a marker stays so only where reading the file again finds the same cell. */
function withMarkerWhereNeeded(source: CellSource, cells: readonly FileCell[], index: number, eol: string): CellSource {
  if (isMarker(source.head)) return source;
  const firstLine = splitLines(source.body)[0] ?? '';
  const found = index === 0 ? !isBlank(source.body) || cells.length === 1 : cells[index - 1]?.kind === 'markup' && startsCode(firstLine);
  return found ? source : { ...source, head: newMarker(source.kind, eol) + source.head };
}

/** One cell, or two where a markdown cell runs into code. */
function sourcesOf(lines: readonly string[]): CellSource[] {
  const marker = isMarker(lines[0] ?? '') ? (lines[0] ?? '') : '';
  const content = marker === '' ? lines : lines.slice(1);
  if (!markdownMarkerPattern.test(marker)) return [cut('code', marker, content)];
  const code = content.findIndex(startsCode);
  if (code === -1) return [cut('markup', marker, content)];
  return [cut('markup', marker, content.slice(0, code)), cut('code', '', content.slice(code))];
}

function cut(kind: CellKind, marker: string, lines: readonly string[]): CellSource {
  const first = lines.findIndex((line) => !isBlank(line));
  if (first === -1) return { kind, head: marker, body: '', tail: lines.join('') };
  const last = lines.findLastIndex((line) => !isBlank(line));
  const bodyWithEol = lines.slice(first, last + 1).join('');
  const body = bodyWithEol.replace(/(?:\r\n|\r|\n)$/, '');
  const tail = bodyWithEol.slice(body.length) + lines.slice(last + 1).join('');
  return { kind, head: marker + lines.slice(0, first).join(''), body, tail };
}

/** Lines with their line endings. Only CR and LF end a line, as in VS Code; U+2028 and its like are text. */
function splitLines(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
}

function isMarker(line: string): boolean {
  return markerPattern.test(line);
}

function isBlank(line: string): boolean {
  return line.trim() === '';
}

function startsCode(line: string): boolean {
  return !isBlank(line) && !/^[ \t]*--/.test(line);
}

function dominantEol(lines: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const eol = /(?:\r\n|\r|\n)$/.exec(line)?.[0];
    if (eol !== undefined) counts.set(eol, (counts.get(eol) ?? 0) + 1);
  }
  let best = '\n';
  for (const [eol, count] of counts) if (count > (counts.get(best) ?? 0)) best = eol;
  return best;
}
