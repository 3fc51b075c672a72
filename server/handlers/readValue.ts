import { KodiakError } from '../../engine/base/errors.ts';
import { MAX_VALUE_PART, type ReadValueParams, type ReadValueResult } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** Reads a part of a value that is too long for a page. */
export const readValue: Handler<ReadValueParams, ReadValueResult> = async (server, _client, params, signal) => {
  const { resultId, row, column, offset, length } = params;
  const { result, view } = server.results.get(resultId);
  if (!(length >= 0 && length <= MAX_VALUE_PART)) {
    throw new KodiakError('limit', `A part of a value has 0 to ${MAX_VALUE_PART} characters, not ${length}.`);
  }
  return await result.textPart(row, column, offset, length, { signal, ...(view && { view }) });
};
