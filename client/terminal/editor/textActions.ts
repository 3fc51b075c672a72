import type { EditBuffer } from './editBuffer.ts';
import { lineEnd, lineStart, nextPlace, nextWordEnd, previousBlank, previousPlace, previousWordStart } from './textMoves.ts';

/** What a key does to a text, where that needs nothing but the text. */
export const TEXT_ACTIONS = {
  left: (buffer) => buffer.moveTo(previousPlace(buffer.text, buffer.cursor)),
  right: (buffer) => buffer.moveTo(nextPlace(buffer.text, buffer.cursor)),
  wordLeft: (buffer) => buffer.moveTo(previousWordStart(buffer.text, buffer.cursor)),
  wordRight: (buffer) => buffer.moveTo(nextWordEnd(buffer.text, buffer.cursor)),
  lineStart: (buffer) => buffer.moveTo(lineStart(buffer.text, buffer.cursor)),
  lineEnd: (buffer) => buffer.moveTo(lineEnd(buffer.text, buffer.cursor)),
  textStart: (buffer) => buffer.moveTo(0),
  textEnd: (buffer) => buffer.moveTo(buffer.text.length),
  eraseBackward: (buffer) => buffer.eraseBackward(),
  eraseForward: (buffer) => buffer.eraseForward(),
  // At the end of a line the line feed goes.
  killLineEnd: (buffer) => {
    const end = lineEnd(buffer.text, buffer.cursor);
    return buffer.killTo(end === buffer.cursor ? Math.min(end + 1, buffer.text.length) : end);
  },
  killLineStart: (buffer) => {
    const start = lineStart(buffer.text, buffer.cursor);
    return buffer.killTo(start === buffer.cursor ? Math.max(0, start - 1) : start);
  },
  killBlankLeft: (buffer) => buffer.killTo(previousBlank(buffer.text, buffer.cursor)),
  killWordLeft: (buffer) => buffer.killTo(previousWordStart(buffer.text, buffer.cursor)),
  killWordRight: (buffer) => buffer.killTo(nextWordEnd(buffer.text, buffer.cursor)),
  yank: (buffer) => buffer.yank(),
  yankOlder: (buffer) => buffer.yankOlder(),
  transpose: (buffer) => buffer.transpose(),
  transposeWords: (buffer) => buffer.transposeWords(),
  upperCase: (buffer) => buffer.changeWord((word) => word.toUpperCase()),
  lowerCase: (buffer) => buffer.changeWord((word) => word.toLowerCase()),
  capitalize: (buffer) => buffer.changeWord((word) => word.toLowerCase().replace(/[\p{L}\p{N}]/u, (letter) => letter.toUpperCase())),
  undo: (buffer) => buffer.undo(),
  redo: (buffer) => buffer.redo(),
} satisfies Record<string, (buffer: EditBuffer) => boolean>;

export type TextAction = keyof typeof TEXT_ACTIONS;
