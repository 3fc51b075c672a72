import type { PeekQueryResult } from '../../server/protocol/requests.ts';
import type { WireFailure } from '../../server/protocol/values.ts';
import { placeAt } from '../results/runTarget.ts';

/**
 * A failure of the query of a peek with the place in the document that the words at fault came from; the beginning of the part where they
 * are none of the document's.
 */
export function failureInDocument(failure: WireFailure, { pieces, start }: PeekQueryResult, text: string): WireFailure {
  const { position } = failure;
  if (position === undefined) return failure;
  const piece = pieces.findLast(({ at, length }) => at <= position.offset && position.offset <= at + length);
  const offset = piece === undefined ? start : piece.start + position.offset - piece.at;
  const length = piece === undefined ? 1 : Math.max(1, Math.min(position.length, piece.at + piece.length - position.offset));
  return { ...failure, position: { offset, ...placeAt(text, offset), length } };
}
