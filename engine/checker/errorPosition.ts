import { type ErrorPosition, KodiakError } from '../base/errors.ts';
import { readOnce } from '../sql/readOnce.ts';
import type { TextRange } from '../sql/scopeTree.ts';
import type { Statement } from '../sql/splitStatements.ts';

/** A range of the script as a position in the statement. */
export function positionOf({ start, end }: TextRange, statement: Statement): ErrorPosition {
  return { offset: start - statement.start, line: 0, column: 0, length: Math.max(1, end - start) };
}

/** The same error at another position. */
export function withPosition(error: KodiakError, position: ErrorPosition): KodiakError {
  return new KodiakError(error.code, error.message, { position, candidates: error.candidates, cause: error.cause });
}

/** The error with its position in the cell. */
export function moved(error: KodiakError, { statement, text }: { readonly statement: Statement; readonly text: string }): KodiakError {
  const inner = error.position as ErrorPosition;
  const offset = Math.min(statement.start + inner.offset, text.length);
  const starts = lineStarts(text);
  const line = countUntil(starts, offset) - 1;
  return withPosition(error, { offset, line, column: offset - (starts[line] ?? 0), length: inner.length });
}

const lineStarts = readOnce((text: string): readonly number[] => [
  0,
  ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ index, 0: end }) => index + end.length),
]);

/** How many of sorted numbers are not greater than a limit. */
function countUntil(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
