import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Exam, Place } from './exam.ts';

/** A range of one of a question's documents, as `document:line:character-line:character`. */
export type MarkedRange = string;

/** An opened question whose `«…»` were taken out. */
export interface MarkedPlace extends Place {
  /** The marked ranges in order. */
  readonly marks: readonly MarkedRange[];
}

/** Opens a text with `«…»` around what an answer should point at, and the cursor. */
export async function placeMarked(exam: Exam, marked: string): Promise<MarkedPlace> {
  const place = await exam.place(marked.replace(/[«»]/g, ''));
  const marks: MarkedRange[] = [];
  for (const [index, part] of marked.split('%%').entries()) {
    const text = part.replace('/*|*/', '');
    const plain = TextDocument.create('plain', 'sql', 1, text.replace(/[«»]/g, ''));
    const opens: number[] = [];
    let removed = 0;
    for (let at = 0; at < text.length; at++) {
      if (text[at] !== '«' && text[at] !== '»') continue;
      if (text[at] === '«') opens.push(at - removed);
      else {
        const start = plain.positionAt(opens.pop() ?? 0);
        const end = plain.positionAt(at - removed);
        marks.push(written(index, { start, end }));
      }
      removed++;
    }
  }
  return { ...place, marks };
}

interface Position {
  readonly line: number;
  readonly character: number;
}

/** A range of the document of that index in the notation of marks. */
export function written(document: number, { start, end }: { readonly start: Position; readonly end: Position }): MarkedRange {
  return `${document}:${start.line}:${start.character}-${end.line}:${end.character}`;
}

/** The same of a location; the index is -1 for another document. */
export function writtenLocation(
  place: Place,
  location: { readonly uri: string; readonly range: Parameters<typeof written>[1] },
): MarkedRange {
  return written(
    place.documents.findIndex(({ uri }) => uri === location.uri),
    location.range,
  );
}
