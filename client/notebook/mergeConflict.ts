import type { WireFailure } from '../../server/protocol/values.ts';

/** Lines that git could not merge, from `<<<<<<<` to `>>>>>>>`, both included. Zero-based. */
export interface MergeConflict {
  readonly first: number;
  readonly last: number;
}

const BEGIN = /^<{7}(?:\s|$)/;
const MIDDLE = /^={7}\s*$/;
const END = /^>{7}(?:\s|$)/;

export const CONFLICT_MESSAGE =
  'Git could not merge this: both versions are here. Keep one of them, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>.';

/** What looks like a conflict and has no middle or no end is text. */
export function conflictsIn(lines: readonly string[]): MergeConflict[] {
  const found: MergeConflict[] = [];
  let first: number | undefined;
  let isParted = false;
  for (const [index, line] of lines.entries()) {
    if (BEGIN.test(line)) [first, isParted] = [index, false];
    else if (first !== undefined && MIDDLE.test(line)) isParted = true;
    else if (first !== undefined && isParted && END.test(line)) {
      found.push({ first, last: index });
      first = undefined;
    }
  }
  return found;
}

/** Why a cell with a conflict is not run; undefined for one without. */
export function conflictFailure(sql: string): WireFailure | undefined {
  if (!sql.includes('<<<<<<<')) return undefined;
  const [conflict] = conflictsIn(sql.split(/\r\n|\r|\n/));
  if (conflict === undefined) return undefined;
  const lines = [...sql.matchAll(/[^\r\n]*(?:\r\n|\r|\n)/g)].slice(0, conflict.first);
  const offset = lines.reduce((length, [line]) => length + line.length, 0);
  return { code: 'sql', message: CONFLICT_MESSAGE, position: { offset, line: conflict.first, column: 0, length: 7 } };
}
