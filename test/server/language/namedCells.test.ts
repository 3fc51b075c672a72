import { describe, expect, it } from 'vitest';
import type { CompletionList, Hover, Location, PublishDiagnosticsParams, WorkspaceEdit } from 'vscode-languageserver/node';
import { forgetNamedResult, nameCells, runQuery } from '../../../server/protocol/requests.ts';
import { type EditorSide, startEditor } from '../../support/languageClient.ts';

const NOTEBOOK = 'file:///work/book.kodiak.sql';
const cellUri = (index: number) => `vscode-notebook-cell:/work/book.kodiak.sql#${index}`;

async function openNotebook(texts: readonly string[], names: Readonly<Record<number, string>>) {
  const editor = await startEditor();
  const cells = Object.entries(names).map(([index, name]) => ({ cell: cellUri(Number(index)), name }));
  await editor.client.request(nameCells, { notebook: NOTEBOOK, cells });
  const clean = texts.map((_, index) => diagnosticsOf(editor, index));
  await editor.client.connection.sendNotification('notebookDocument/didOpen', {
    notebookDocument: {
      uri: NOTEBOOK,
      notebookType: 'kodiak-notebook',
      version: 1,
      cells: texts.map((_, index) => ({ kind: 2, document: cellUri(index) })),
    },
    cellTextDocuments: texts.map((text, index) => ({ uri: cellUri(index), languageId: 'sql', version: 1, text })),
  });
  const ask = <T>(method: string, index: number, character: number, more: object = {}) =>
    editor.client.connection.sendRequest<T>(`textDocument/${method}`, {
      textDocument: { uri: cellUri(index) },
      position: { line: 0, character },
      ...more,
    });
  return { ...editor, ask, problems: await Promise.all(clean) };
}

/** The messages of the next diagnostics of a cell. */
async function diagnosticsOf({ client }: EditorSide, index: number): Promise<string[]> {
  const published = { method: 'textDocument/publishDiagnostics' };
  const { diagnostics } = await client.next<PublishDiagnosticsParams>(published, ({ uri }) => uri === cellUri(index));
  return diagnostics.map(({ message }) => String(message).split('\n')[0] ?? '');
}

describe('names of results', () => {
  it('are tables with columns to later cells, before anything has run', { tags: ['slow'] }, async () => {
    const texts = [
      'from daily',
      "select 1; select range as day, 'x' || range as label from range(10) where range > $least",
      'select day, nothing from daily',
      'select  from daily',
      'summarize daily',
      'select column_name from told',
    ];
    const { ask, problems } = await openNotebook(texts, { 1: 'daily', 4: 'told' });
    // A cell does not read what comes after it.
    expect(problems[0]?.[0]).toMatch(/daily does not exist/);
    expect(problems.slice(1)).toEqual([
      [],
      ['Binder Error: Referenced column "nothing" not found in FROM clause!'],
      expect.anything(),
      [],
      [],
    ]);
    const { items } = await ask<CompletionList>('completion', 3, 7);
    expect(items.map(({ label }) => label)).toEqual(expect.arrayContaining(['day', 'label']));
    const tables = await ask<CompletionList>('completion', 3, 14);
    expect(tables.items.map(({ label }) => label)).toContain('daily');
    expect(JSON.stringify(await ask<Hover>('hover', 2, 27))).toContain('day BIGINT');
    expect(await ask<Location>('definition', 2, 27)).toMatchObject({ uri: cellUri(1), range: { start: { line: 0, character: 0 } } });
    await expect(ask<WorkspaceEdit>('rename', 2, 27, { newName: 'other' })).rejects.toThrow(/comes from the result of a named cell/);
    await expect(ask<WorkspaceEdit>('rename', 2, 8, { newName: 'other' })).rejects.toThrow(/comes from the result of a named cell/);
  });

  it('are known when they change, and forgotten with their cell', { tags: ['slow'] }, async () => {
    const editor = await openNotebook(['select 1 as one', 'select one from daily'], {});
    expect(editor.problems[1]?.[0]).toMatch(/daily does not exist/);
    const named = diagnosticsOf(editor, 1);
    await editor.client.request(nameCells, { notebook: NOTEBOOK, cells: [{ cell: cellUri(0), name: 'daily' }] });
    expect(await named).toEqual([]);
    await editor.client.request(runQuery, { runId: 'a', sessionId: NOTEBOOK, sql: 'select 1 as one', resultName: 'daily' });
    await editor.client.request(runQuery, { runId: 'b', sessionId: NOTEBOOK, sql: 'from daily' });
    const gone = diagnosticsOf(editor, 1);
    await editor.client.request(nameCells, { notebook: NOTEBOOK, cells: [] });
    await editor.client.request(forgetNamedResult, { sessionId: NOTEBOOK, name: 'daily' });
    let told = await gone;
    while (told.length === 0) {
      const next = diagnosticsOf(editor, 1);
      await editor.client.request(runQuery, { runId: `c${Math.random()}`, sessionId: NOTEBOOK, sql: 'select 1' });
      told = await next;
    }
    expect(told[0]).toMatch(/daily does not exist/);
  });
});

describe('$name', () => {
  it('is no error, is completed, and shows its value and type', { tags: ['slow'] }, async () => {
    const texts = [
      "SET VARIABLE region = 'north'; SET VARIABLE since = DATE '2024-01-31';",
      'SELECT * FROM range(5) t(i) WHERE i > $least AND $region = $region',
      'SELECT $',
      "SELECT '$', $$ $",
      'SET VARIABLE since = (SELECT max(range) FROM range(3));',
      'SELECT $since, $nobody',
    ];
    const { ask, problems } = await openNotebook(texts, {});
    expect([problems[0], problems[1], problems[4], problems[5]]).toEqual([[], [], [], []]);
    const { items } = await ask<CompletionList>('completion', 2, 8);
    expect(items.map(({ label, detail, textEdit }) => [label, detail, textEdit])).toEqual([
      ['$region', "'north'", { newText: '$region', range: { start: { line: 0, character: 7 }, end: { line: 0, character: 8 } } }],
      ['$since', "DATE '2024-01-31'", expect.anything()],
    ]);
    expect((await ask<CompletionList>('completion', 3, 9)).items.map(({ label }) => label)).not.toContain('$region');
    expect(JSON.stringify(await ask<Hover>('hover', 1, 52))).toContain("$region VARCHAR = 'north'");
    expect(JSON.stringify(await ask<Hover>('hover', 5, 9))).toContain('$since BIGINT = (SELECT max(range) FROM range(3))');
    expect(JSON.stringify(await ask<Hover>('hover', 5, 18))).toContain('parameter without a value');
  });
});
