import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CompletionList, Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver/node';
import { type EditorSide, startEditor } from '../../support/languageClient.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const published = { method: 'textDocument/publishDiagnostics' } as const;
const URI = 'file:///work/query.sql';

/** The next diagnostics of a document that `is` takes, as `line:character message`. */
async function told({ client }: EditorSide, is: (list: readonly Diagnostic[]) => boolean, uri = URI): Promise<string[]> {
  const { diagnostics } = await client.next<PublishDiagnosticsParams>(published, (params) => params.uri === uri && is(params.diagnostics));
  return diagnostics.map(({ range: { start }, message }) => `${start.line}:${start.character} ${String(message).split('\n')[0]}`);
}

function open({ client }: EditorSide, text: string, uri = URI): Promise<void> {
  return client.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text } });
}

function change({ client }: EditorSide, version: number, text: string, uri = URI): Promise<void> {
  return client.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
}

function run({ client }: EditorSide, sql: string, uri = URI): Promise<unknown> {
  return client.connection.sendRequest('workspace/executeCommand', { command: 'kodiak.runSql', arguments: [{ sql, uri }] });
}

const some = (list: readonly Diagnostic[]) => list.length > 0;
const none = (list: readonly Diagnostic[]) => list.length === 0;

describe('errors of a run', () => {
  // What is computed fails only when it runs.
  const failing = "select 1;\nselect '😀', cast(concat('a', 'bc') as int)";
  const message = "1:13 Conversion Error: Could not convert string 'abc' to INT32";

  it('are shown at their place, and go when the statement changes', { tags: ['slow'] }, async () => {
    const editor = await startEditor();
    const clean = told(editor, none);
    await open(editor, failing);
    expect(await clean).toEqual([]);
    const shown = told(editor, some);
    await run(editor, failing);
    expect(await shown).toEqual([message]);
    const moved = told(editor, some);
    await change(editor, 2, `select 0;\n${failing}`);
    expect(await moved).toEqual([message.replace('1:', '2:')]);
    const gone = told(editor, none);
    await change(editor, 3, failing.replace("'a', 'bc'", "'1', '2'"));
    expect(await gone).toEqual([]);
  });

  it('go when the statement runs without one, and are those of its own document', { tags: ['slow'] }, async () => {
    const editor = await startEditor();
    const other = told(editor, none, 'file:///work/other.sql');
    await open(editor, 'insert into t values (1)', 'file:///work/other.sql');
    await run(editor, 'create table t (a integer primary key); insert into t values (1)');
    await other.catch(() => []);
    const shown = told(editor, some);
    await open(editor, 'insert into t values (1)');
    await run(editor, 'insert into t values (1)');
    expect(await shown).toEqual(['0:0 Constraint Error: Duplicate key "a: 1" violates primary key constraint.']);
    await run(editor, 'delete from t');
    const gone = told(editor, none);
    await run(editor, 'insert into t values (1)');
    expect(await gone).toEqual([]);
  });

  it('are shown in the cell of a notebook, Jupyter too, whose other cells are left alone', { tags: ['slow'] }, async () => {
    const editor = await startEditor();
    const notebook = 'file:///work/book.ipynb';
    const cells = [
      { uri: `${notebook}#a`, languageId: 'python', version: 1, text: 'print(selec)' },
      { uri: `${notebook}#b`, languageId: 'sql', version: 1, text: 'create table made as select 1 as a' },
      { uri: `${notebook}#c`, languageId: 'sql', version: 1, text: "select a, b, 'x'::date from made" },
    ];
    const shown = told(editor, some, `${notebook}#c`);
    await editor.client.connection.sendNotification('notebookDocument/didOpen', {
      notebookDocument: {
        uri: notebook,
        notebookType: 'jupyter-notebook',
        version: 1,
        cells: cells.map(({ uri }) => ({ kind: 2, document: uri })),
      },
      cellTextDocuments: cells,
    });
    expect(await shown).toEqual(['0:10 Binder Error: Referenced column "b" not found in FROM clause!']);
    await run(editor, cells[1]?.text ?? '', `${notebook}#b`);
    const clean = told(editor, none, `${notebook}#c`);
    const fixed = "select a, 'x'::date from made";
    await change(editor, 2, fixed, `${notebook}#c`);
    await clean;
    const ran = told(editor, some, `${notebook}#c`);
    await run(editor, fixed, `${notebook}#c`);
    expect((await ran)[0]).toMatch(/^0:\d+ Conversion Error/);
  });
});

describe('a database that must not be opened', () => {
  it('is not made because somebody writes SQL, and what is written is checked all the same', { tags: ['slow'] }, async () => {
    const folder = temporaryFolder();
    const rootUri = pathToFileURL(folder).href;
    const editor = await startEditor({ rootUri, settings: { database: 'new.duckdb' } });
    const shown = told(editor, some);
    await open(editor, 'create table new.main.t (a int); use new; select a, b from t; select uper($$x$$)');
    expect((await shown).map((line) => line.split(' ').slice(1, 3).join(' '))).toEqual(['Catalog Error:']);
    const list = await editor.client.connection.sendRequest<CompletionList>('textDocument/completion', {
      textDocument: { uri: URI },
      position: { line: 0, character: 81 },
    });
    expect(list).toBeTruthy();
    expect(existsSync(join(folder, 'new.duckdb'))).toBe(false);
    await run(editor, 'create table made (a int)');
    expect(existsSync(join(folder, 'new.duckdb'))).toBe(true);
    const known = told(editor, some);
    await change(editor, 2, 'select a, b from made');
    expect(await known).toEqual(['0:10 Binder Error: Referenced column "b" not found in FROM clause!']);
  });

  it('stays closed in a workspace that is not trusted, as do files', { tags: ['slow'] }, async () => {
    const folder = temporaryFolder();
    const rootUri = pathToFileURL(folder).href;
    writeFileSync(join(folder, 'data.csv'), 'id,word\n1,a\n');
    writeFileSync(join(folder, 'sales.duckdb'), 'this is no database');
    const editor = await startEditor({ rootUri, settings: { database: 'sales.duckdb', trusted: false } });
    const shown = told(editor, some);
    const uri = pathToFileURL(join(folder, 'query.sql')).href;
    const shownThere = told(editor, some, uri);
    const text = "select nope from 'data.csv'; select a from t; selec 1";
    await open(editor, text, uri);
    await open(editor, text);
    for (const lines of [await shown, await shownThere]) expect(lines).toEqual(['0:46 Parser Error: syntax error at or near "selec"']);
    await change(editor, 2, "select  from ''", uri);
    const at = (character: number) => ({ textDocument: { uri }, position: { line: 0, character } });
    const paths = await editor.client.connection.sendRequest<CompletionList>('textDocument/completion', at(14));
    expect(paths.items.map(({ label }) => label)).not.toContain('data.csv');
    await change(editor, 3, "select  from 'data.csv'", uri);
    const columns = await editor.client.connection.sendRequest<CompletionList>('textDocument/completion', at(7));
    expect(columns.items.map(({ label }) => label)).not.toContain('word');
  });
});
