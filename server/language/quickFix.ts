import { statementScopes } from '../../engine/sql/errorPlaces.ts';
import { type Block, innermostBlock } from '../../engine/sql/scopeTree.ts';
import type { Statement } from '../../engine/sql/splitStatements.ts';

/** A piece of a text that a quick fix replaces. */
export interface FixEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** One way to put right what an error reports. */
export interface QuickFix {
  readonly title: string;
  readonly edits: readonly FixEdit[];
  /** True for the one that was obviously meant. */
  readonly preferred: boolean;
}

/** What quick fixes of one error look at; offsets are those of the text. */
export interface FixPlace {
  readonly text: string;
  readonly statement: Statement;
  /** Where the error is shown. */
  readonly start: number;
  readonly end: number;
  /** What stands there. */
  readonly written: string;
}

/** The error's own place gets another text. */
export function replacing({ start, end }: FixPlace, text: string, title = `Change to ${text}`, preferred = false): QuickFix {
  return { title, edits: [{ start, end, text }], preferred };
}

export function inserting(at: number, text: string, title: string, preferred = false): QuickFix {
  return { title, edits: [{ start: at, end: at, text }], preferred };
}

/** The innermost SELECT around the error. */
export function blockAround({ statement, text, start }: FixPlace): Block | undefined {
  const scope = statementScopes(statement, text).find((one) => one.start <= start && start <= one.end);
  return scope && innermostBlock(scope, start);
}

/** A piece of a text with the edits in it made. */
export function withEdits(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  edits: readonly FixEdit[],
): string {
  let edited = '';
  let at = start;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    edited += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return edited + text.slice(at, end);
}
