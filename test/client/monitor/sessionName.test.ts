import { expect, it } from 'vitest';
import { sessionName } from '../../../client/monitor/sessionName.ts';

it('calls sessions as people do', () => {
  expect(sessionName('file:///home/me/my%20tour.kodiak.sql')).toBe('notebook my tour.kodiak.sql');
  expect(sessionName('file:///home/me/orders.sql')).toBe('orders.sql');
  expect(sessionName('file:///home/me/orders.sql', true)).toBe('notebook orders.sql');
  expect(sessionName('untitled:Untitled-1?x')).toBe('Untitled-1');
  expect(sessionName('untitled:Untitled-1', true)).toBe('notebook Untitled-1');
  expect(sessionName('file:///C%3A/data/50%.sql')).toBe('50%.sql');
  expect(sessionName('terminal-4711')).toBe('terminal 4711');
  expect(sessionName('kodiak-tests:0b')).toBe('assertions in the Testing view');
  expect(sessionName('lsp')).toBe('another editor');
  expect(sessionName('')).toBe('');
});
