import { othersMark } from './sharing.ts';
import type { Shell } from './shell.ts';

/** What stands before the first line of a statement: `kodiak> `, with who else uses the database: `kodiak (VS Code +1)> `. */
export function promptText(shell: Shell): string {
  const others = othersMark(shell.link.clients, process.pid);
  return others === '' ? 'kodiak> ' : `kodiak (${others})> `;
}
