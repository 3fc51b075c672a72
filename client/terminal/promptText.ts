import { visible } from '../text/displayText.ts';
import { othersMark } from './sharing.ts';
import type { Shell } from './shell.ts';

/** What stands before the first line of a statement: `kodiak> `, with who else uses the database: `kodiak (VS Code +1)> `; or what a person chose. */
export function promptText(shell: Shell): string {
  const own = shell.settings.prompt;
  if (own !== undefined) return visible(own);
  const others = othersMark(shell.link.clients, process.pid);
  return others === '' ? 'kodiak> ' : `kodiak (${others})> `;
}
