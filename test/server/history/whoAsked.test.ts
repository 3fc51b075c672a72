import { describe, expect, it } from 'vitest';
import { whoAsked } from '../../../server/history/whoAsked.ts';

const editor = (sessionId: string, isNotebook = false, source?: string) => whoAsked({ client: 'editor', sessionId, isNotebook, source });

describe('who asked', () => {
  it('is told by the connection, the session, and whether a notebook is open', () => {
    expect(editor('file:///w/My%20sales.kodiak.sql', true)).toEqual({ kind: 'notebook', name: 'My sales.kodiak.sql' });
    expect(editor('untitled:Untitled-1', true)).toEqual({ kind: 'notebook', name: 'Untitled-1' });
    expect(editor('file:///w/a.sql')).toEqual({ kind: 'sqlFile', name: 'a.sql' });
    expect(editor('kodiak-explorer:/w/Explorer.sql')).toEqual({ kind: 'explorer' });
    expect(editor('kodiak-history:/w/History.sql')).toEqual({ kind: 'history' });
    expect(editor('kodiak-viewer:1-2')).toEqual({ kind: 'viewer' });
    expect(editor('kodiak-tests:1-2', false, 'file:///w/a.sql')).toEqual({ kind: 'test', name: 'a.sql' });
    expect(editor('lsp')).toEqual({ kind: 'editor' });
    expect(editor('file://%zz/%')).toEqual({ kind: 'sqlFile', name: '%' });
    const terminal = { client: 'terminal', sessionId: 'file:///w/a.sql', isNotebook: true } as const;
    expect(whoAsked(terminal)).toEqual({ kind: 'terminal' });
    expect(whoAsked({ ...terminal, source: '/w/load.sql' })).toEqual({ kind: 'terminal', name: 'load.sql' });
  });
});
