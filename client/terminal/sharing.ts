import type { ClientIdentity } from '../../server/protocol/attached.ts';

/** The other programs that use a terminal's server, in words: `VS Code (process 4711) and 2 terminals`. Empty for none. */
export function othersText(clients: readonly ClientIdentity[], own: number): string {
  const others = clients.filter(({ kind, pid }) => kind !== 'program' && pid !== own);
  const editors = others.filter(({ kind }) => kind !== 'terminal');
  const terminals = others.length - editors.length;
  const parts = editors.map(({ kind, pid }) => `${kind === 'vscode' ? 'VS Code' : 'an editor'}${pid > 0 ? ` (process ${pid})` : ''}`);
  if (terminals > 0) parts.push(terminals === 1 ? 'another terminal' : `${terminals} other terminals`);
  const last = parts.pop();
  if (last === undefined) return '';
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}

/** What a prompt says of others, as short as can be: `VS Code`, `VS Code +2`, `+1`. Empty for none. */
export function othersMark(clients: readonly ClientIdentity[], own: number): string {
  const others = clients.filter(({ kind, pid }) => kind !== 'program' && pid !== own);
  const withVscode = others.some(({ kind }) => kind === 'vscode');
  const more = others.length - (withVscode ? 1 : 0);
  return [withVscode ? 'VS Code' : '', more > 0 ? `+${more}` : ''].filter((part) => part !== '').join(' ');
}
