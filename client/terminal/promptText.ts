import { othersMark } from './sharing.ts';
import type { Shell } from './shell.ts';

/** What stands before the first line of a statement: `kodiak> `, and before it who else uses the database: `(VS Code +1) kodiak> `. */
export function promptText(shell: Shell): string {
  const others = othersMark(shell.link.clients, process.pid);
  return `${others === '' ? '' : `(${others}) `}kodiak> `;
}
