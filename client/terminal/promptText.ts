import type { Shell } from './shell.ts';

/** What stands before the first line of a statement. */
export function promptText(_shell: Shell): string {
  return 'kodiak> ';
}
