import { maskDotCommands } from '../../../engine/sql/dotCommands.ts';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';
import { type InputPiece, SqlInput } from '../sqlInput.ts';

/** What is carried out when the text is submitted, in its order. What is begun at its end and not complete is a piece of its own. */
export function piecesOf(text: string): InputPiece[] {
  const input = new SqlInput();
  const pieces = text.split('\n').flatMap((line) => input.feed(line));
  return [...pieces, ...input.finish()];
}

/** Whether nothing is missing: each statement has its semicolon, or the text is a dot command, or has nothing to run. */
export function isComplete(text: string): boolean {
  return splitStatements(maskDotCommands(text)).at(-1)?.terminated !== false;
}

/** Where the next line begins: below the one that the cursor leaves, deeper behind an open bracket. */
export function indentation(text: string, cursor: number): string {
  const start = text.lastIndexOf('\n', cursor - 1) + 1;
  const line = text.slice(start, cursor);
  const blank = /^[ \t]*/.exec(line)?.[0] ?? '';
  return /[([{]\s*$/.test(line) ? `${blank}  ` : blank;
}

const EDIT = /(?:^|\n)[^\S\n]*\.edit[^\S\n]*;?[^\S\n]*$|\\e[^\S\n]*;?[^\S\n]*$/;

/** The text before a wish to go on in another editor: `.edit` as the last line, or `\e` at its end; undefined without one. */
export function beforeEdit(text: string): string | undefined {
  const match = EDIT.exec(text);
  return match ? text.slice(0, match.index) : undefined;
}
