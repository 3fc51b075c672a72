import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type {
  CompletionList,
  DocumentSymbol,
  Hover,
  Location,
  PublishDiagnosticsParams,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { runQuery } from '../../../server/protocol/requests.ts';
import { type EditorSide, startEditor } from '../../support/languageClient.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

interface JupyterCell {
  readonly language: 'markdown' | 'python' | 'sql';
  readonly text: string;
}

/** A notebook in which a Python and a Markdown cell stand between SQL cells; `/*|*​/` is the cursor. */
const CELLS: readonly JupyterCell[] = [
  { language: 'markdown', text: '# select nothing' },
  { language: 'sql', text: "create table made as select 1 as amount, 'x' as word" },
  { language: 'python', text: 'made = "drop table made"\nselec' },
  { language: 'sql', text: '%%sql --alias duck\nselect m.amount from made m' },
  { language: 'sql', text: "select word, nme from made;\nselect id from 'data/x.csv'" },
];

/** The URIs that VS Code gives: those of cells have a scheme of their own. */
function uris(folder: string) {
  const notebook = pathToFileURL(join(folder, 'book.ipynb')).href;
  return { notebook, cell: (index: number) => `${notebook.replace('file:', 'vscode-notebook-cell:')}#W${index}` };
}

/** Opens the notebook as an editor does that keeps to the server's selector, with SQL cells alone, or with the text of all cells. */
async function openNotebook({ client }: EditorSide, folder: string, sendsAll: boolean): Promise<void> {
  const { notebook, cell } = uris(folder);
  const documents = CELLS.map(({ language, text }, index) => ({ uri: cell(index), languageId: language, version: 1, text }));
  await client.connection.sendNotification('notebookDocument/didOpen', {
    notebookDocument: {
      uri: notebook,
      notebookType: 'jupyter-notebook',
      version: 1,
      cells: CELLS.map(({ language }, index) => ({ kind: language === 'markdown' ? 1 : 2, document: cell(index) })),
    },
    cellTextDocuments: documents.filter(({ languageId }) => sendsAll || languageId === 'sql'),
  });
}

/** A position in a cell: that of the first occurrence of a text. */
function at(index: number, text: string, behind = 0) {
  const document = TextDocument.create('cell', 'sql', 1, CELLS[index]?.text ?? '');
  return document.positionAt(document.getText().indexOf(text) + behind);
}

async function startNotebook(sendsAll: boolean) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data', 'x.csv'), 'id,word\n1,a\n');
  const editor = await startEditor();
  const { cell } = uris(folder);
  const told = [1, 3, 4].map((index) =>
    editor.client.next<PublishDiagnosticsParams>({ method: 'textDocument/publishDiagnostics' }, ({ uri }) => uri === cell(index)),
  );
  await openNotebook(editor, folder, sendsAll);
  const ask = <Result>(method: string, index: number, more: object = {}) =>
    editor.client.connection.sendRequest<Result>(`textDocument/${method}`, { textDocument: { uri: cell(index) }, ...more });
  return { editor, folder, cell, ask, diagnostics: await Promise.all(told) };
}

describe.each([
  ['its SQL cells', false],
  ['all its cells', true],
])('a Jupyter notebook of which the editor sends %s', (_, sendsAll) => {
  it('is one script of its SQL cells', { tags: ['slow'] }, async () => {
    const { editor, cell, ask, diagnostics } = await startNotebook(sendsAll);
    expect(diagnostics.map((told) => told.diagnostics.map(({ range }) => [range.start, range.end]))).toEqual([
      [],
      [],
      [[at(4, 'nme'), at(4, 'nme', 3)]],
    ]);

    const { items } = await ask<CompletionList>('completion', 3, { position: at(3, 'amount') });
    expect(items.slice(0, 2).map(({ label }) => label)).toEqual(['amount', 'word']);
    const files = await ask<CompletionList>('completion', 4, { position: at(4, 'id from') });
    expect(files.items.map(({ label }) => label)).toContain('id');
    const hovered = await ask<Hover>('hover', 3, { position: at(3, 'amount') });
    expect(JSON.stringify(hovered.contents)).toContain('INTEGER');
    const definition = await ask<Location>('definition', 3, { position: at(3, 'made') });
    expect(definition).toMatchObject({ uri: cell(1), range: { start: at(1, 'made') } });
    expect(await ask<DocumentSymbol[]>('documentSymbol', 1)).toMatchObject([{ name: 'made' }]);

    const { changes = {} } = await ask<WorkspaceEdit>('rename', 4, { position: at(4, 'made'), newName: 'built' });
    const edited = Object.entries(changes).map(([uri, edits]: [string, TextEdit[]]) => {
      const index = Number(uri.split('#W')[1]);
      return [index, TextDocument.applyEdits(TextDocument.create(uri, 'sql', 1, CELLS[index]?.text ?? ''), edits)];
    });
    expect(edited.sort()).toEqual([
      [1, "create table built as select 1 as amount, 'x' as word"],
      [3, '%%sql --alias duck\nselect m.amount from built m'],
      [4, "select word, nme from built;\nselect id from 'data/x.csv'"],
    ]);

    const edits = await ask<TextEdit[]>('formatting', 3, { options: { tabSize: 2, insertSpaces: true } });
    expect(TextDocument.applyEdits(TextDocument.create('cell', 'sql', 1, CELLS[3]?.text ?? ''), edits)).toBe(
      '%%sql --alias duck\nselect\n  m.amount\nfrom\n  made m',
    );
    expect(editor.client.logLines).not.toContainEqual(expect.stringMatching(/bug/));
  });

  it('has its own session, whose temporary tables its cells see', { tags: ['slow'] }, async () => {
    const { editor, folder, cell, ask } = await startNotebook(sendsAll);
    const sql = 'create temp table mine as select 7 as seven';
    await editor.client.request(runQuery, { runId: 'jupyter', sessionId: uris(folder).notebook, sql });
    await editor.client.connection.sendNotification('notebookDocument/didChange', {
      notebookDocument: { uri: uris(folder).notebook, version: 2 },
      change: {
        cells: {
          textContent: [{ document: { uri: cell(4), version: 2 }, changes: [{ text: 'select  from mine' }] }],
        },
      },
    });
    const { items } = await ask<CompletionList>('completion', 4, { position: { line: 0, character: 7 } });
    expect(items.map(({ label }) => label)).toContain('seven');
  });
});
