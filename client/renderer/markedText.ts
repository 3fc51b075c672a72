import { linePieces, type TextPiece, visible } from './cellText.ts';
import { create } from './elements.ts';

/** More marks than this are drawn as plain characters: a text of nothing else would freeze the page. */
const MAX_MARKS = 5000;

/** A text of several lines, with marks for what cannot be seen. */
export function markedLines(text: string): Node {
  const pieces = linePieces(text);
  if (pieces.length <= 2 * MAX_MARKS) return markedText(pieces);
  return document.createTextNode(text.split('\n').map(visible).join('↵\n'));
}

/** Pieces of text, those that are marks in another colour. */
export function markedText(pieces: readonly TextPiece[]): Node {
  const fragment = document.createDocumentFragment();
  for (const { text, mark } of pieces) {
    if (!mark) fragment.append(text);
    else {
      const element = create('span', 'kodiak-mark');
      element.textContent = text;
      fragment.append(element);
    }
  }
  return fragment;
}
