import { expect, it } from 'vitest';
import { othersMark, othersText } from '../../../client/terminal/sharing.ts';
import type { ClientIdentity } from '../../../server/protocol/attached.ts';

const OWN = 1;
const own: ClientIdentity = { kind: 'terminal', pid: OWN };
const terminal = (pid: number): ClientIdentity => ({ kind: 'terminal', pid });

it.each<[readonly ClientIdentity[], string, string]>([
  [[own], '', ''],
  [[own, { kind: 'program', pid: 9 }], '', ''],
  [[own, terminal(2)], 'another terminal', '+1'],
  [[{ kind: 'vscode', pid: 4711 }, own, terminal(2), terminal(3)], 'VS Code (process 4711) and 2 other terminals', 'VS Code +2'],
  [[{ kind: 'vscode', pid: 4711 }, own], 'VS Code (process 4711)', 'VS Code'],
  [
    [{ kind: 'editor', pid: 0 }, { kind: 'vscode', pid: 7 }, terminal(2)],
    'an editor, VS Code (process 7) and another terminal',
    'VS Code +2',
  ],
])('others are told in words and as a mark %#', (clients, text, mark) => {
  expect(othersText(clients, OWN)).toBe(text);
  expect(othersMark(clients, OWN)).toBe(mark);
});
