import { KodiakError, messageOf } from '../base/errors.ts';
import { translateFailure } from './failure.ts';

const SETTING = 'kodiak.results.memoryMegabytes';

/**
 * Translates what the database of stored results throws. Its memory and disk are not those of the user's database, so that `limit`
 * names another setting, and a failing disk is `unavailable`.
 */
export function storageError(problem: string, thrown: unknown): KodiakError {
  if (thrown instanceof KodiakError) return thrown;
  const failure = translateFailure(thrown);
  const message = messageOf(thrown);
  if (failure.code === 'limit' || /No space left|max_temp_directory_size/i.test(message)) {
    return new KodiakError(
      'limit',
      `${problem}: neither the memory that ${SETTING} allows nor the temporary disk space is enough. ${message}`,
      {
        setting: SETTING,
        cause: thrown,
      },
    );
  }
  if (/^IO Error|Cannot open file|Could not (?:read|write)/i.test(message)) {
    return new KodiakError('unavailable', `${problem}: the temporary folder or its disk fails. ${message}`, { cause: thrown });
  }
  return failure;
}
