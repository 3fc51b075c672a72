import { maskDotCommands } from '../../engine/sql/dotCommands.ts';
import { splitStatements } from '../../engine/sql/splitStatements.ts';

/** SQL to run and where it stands in its document. Offsets count UTF-16 code units. */
export interface RunTarget {
  readonly sql: string;
  /** Where the SQL begins in the document. */
  readonly offset: number;
  /** What is asked for instead of rows: the plan with its estimates, or with the measures of a run. */
  readonly plan?: PlanKind;
}

export type PlanKind = 'explain' | 'profile';

/** Zero-based. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

const MAX_TITLE = 48;

/**
 * The statement that belongs to a cursor: the one it stands in, the one that ends on its line before it, else the next, else the
 * last. Undefined for a text without statements.
 */
export function statementTarget(text: string, cursor: number): RunTarget | undefined {
  const statements = splitStatements(maskDotCommands(text));
  const inside = statements.findLast(({ start, end }) => start <= cursor && cursor <= end);
  const before = statements.findLast(({ end }) => end < cursor);
  const onLine = before !== undefined && !/[\r\n]/.test(text.slice(before.end, cursor)) ? before : undefined;
  const found = inside ?? onLine ?? statements.find(({ start }) => start > cursor) ?? before;
  return found && { sql: found.text, offset: found.start };
}

/** All statements between two offsets; undefined where there are none. A whole document is `0` to its length. */
export function rangeTarget(text: string, start: number, end: number): RunTarget | undefined {
  const sql = maskDotCommands(text.slice(start, end));
  return splitStatements(sql).length === 0 ? undefined : { sql, offset: start };
}

/** An offset in what was sent as one in the document. */
export function documentOffset({ offset }: RunTarget, sentOffset: number): number {
  return offset + sentOffset;
}

/** Where an offset of the document as it was run is in the document as it is now: the SQL may have moved. */
export function offsetNow(text: string, target: RunTarget, offset: number): number {
  const within = offset - target.offset;
  if (text.startsWith(target.sql, target.offset)) return offset;
  const [before, after] = [text.lastIndexOf(target.sql, target.offset), text.indexOf(target.sql, target.offset)];
  const places = [before, after].filter((place) => place >= 0);
  const [nearest] = places.sort((a, b) => Math.abs(a - target.offset) - Math.abs(b - target.offset));
  return Math.min(nearest === undefined ? offset : nearest + within, text.length);
}

/** Where the statement begins that follows the last one that ended well, in the document; for a failure without a place. */
export function stoppedAt(target: RunTarget, endedBefore: number): number {
  const stopped = splitStatements(target.sql).find(({ start }) => start >= endedBefore);
  return documentOffset(target, stopped?.start ?? 0);
}

export function placeAt(text: string, offset: number): TextPlace {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length - 1, column: lines.at(-1)?.length ?? 0 };
}

/** SQL on one line, short enough for a tab. */
export function shortSql(sql: string): string {
  const line = [
    ...sql
      .slice(0, 10 * MAX_TITLE)
      .replaceAll(/--[^\r\n]*/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  ];
  return line.length <= MAX_TITLE ? line.join('') : `${line.slice(0, MAX_TITLE - 1).join('')}…`;
}
