import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CompletionList, Hover, Location, SignatureHelp, WorkspaceEdit } from 'vscode-languageserver/node';
import { type LanguageClientOptions, startEditor } from '../../support/languageClient.ts';
import { cursor } from '../../support/sqlCursor.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

async function startLanguage(options: LanguageClientOptions = {}) {
  const { client, initialized } = await startEditor(options);
  const { connection } = client;
  let version = 1;
  return {
    initialized,
    async open(uri: string, text: string) {
      await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text } });
    },
    async change(uri: string, text: string) {
      await connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: ++version },
        contentChanges: [{ text }],
      });
    },
    async run(sql: string, uri: string) {
      await connection.sendRequest('workspace/executeCommand', { command: 'kodiak.runSql', arguments: [{ sql, uri }] });
    },
    ask: <T>(method: string, uri: string, line: number, character: number, more: object = {}) =>
      connection.sendRequest<T>(`textDocument/${method}`, { textDocument: { uri }, position: { line, character }, ...more }),
    notify: (method: string, params: unknown) => connection.sendNotification(method, params),
  };
}

type Language = Awaited<ReturnType<typeof startLanguage>>;

async function labels(language: Language, uri: string, marked: string): Promise<string[]> {
  const { text, offset } = cursor(marked);
  const before = text.slice(0, offset).split('\n');
  await language.change(uri, text);
  const list = await language.ask<CompletionList>('completion', uri, before.length - 1, before.at(-1)?.length ?? 0);
  return list.items.map(({ label }) => label);
}

describe('the language help', () => {
  it('is announced', async () => {
    const { initialized } = await startLanguage();
    expect(initialized.capabilities).toMatchObject({
      completionProvider: {},
      hoverProvider: true,
      signatureHelpProvider: { triggerCharacters: ['(', ','] },
      definitionProvider: true,
      referencesProvider: true,
      renameProvider: { prepareProvider: true },
    });
  });

  it('completes in an untitled document from what was run, the temporary tables of its session too', { tags: ['slow'] }, async () => {
    const language = await startLanguage();
    const uri = 'untitled:Untitled-1';
    await language.open(uri, '');
    expect(await labels(language, uri, 'select * from /*|*/')).not.toContain('orders');
    await language.run('create table customers (id integer primary key, name varchar)', uri);
    await language.run(
      'create table orders (nr integer, buyer integer references customers (id)); create temp table mine as select 1 as own',
      uri,
    );
    const tables = await labels(language, uri, 'select * from /*|*/');
    expect(tables).toEqual(expect.arrayContaining(['orders', 'customers', 'mine', 'read_csv']));
    expect((await labels(language, uri, 'select * from orders o join customers c on /*|*/'))[0]).toBe('o.buyer = c.id');
    expect(await labels(language, uri, 'select ow/*|*/ from mine')).toContain('own');
    expect(await labels(language, uri, 'set mem/*|*/')).toContain('memory_limit');
    await language.run('drop table orders; create schema staging; create table staging.raw (x integer); use staging', uri);
    expect(await labels(language, uri, 'select * from /*|*/')).not.toContain('orders');
    expect(await labels(language, uri, 'select /*|*/ from raw')).toContain('x');
  });

  it('completes from a database file that nothing was run on', { tags: ['slow'] }, async () => {
    const folder = temporaryFolder();
    const first = await startLanguage({ settings: { database: join(folder, 'shop.duckdb') } });
    await first.run('create table orders (total double)', 'untitled:a');
    await first.open('file:///work/a.sql', '');
    expect(await labels(first, 'file:///work/a.sql', 'select /*|*/ from orders')).toContain('total');
  });

  it('offers files and their columns beside the document', { tags: ['slow'] }, async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', 'sales.csv'), 'region,amount\nnorth,1\n');
    const language = await startLanguage();
    const uri = pathToFileURL(join(folder, 'a.sql')).href;
    await language.open(uri, '');
    expect(await labels(language, uri, "select * from 'data//*|*/'")).toEqual(['sales.csv']);
    expect(await labels(language, uri, "select s./*|*/ from 'data/sales.csv' s")).toEqual(['region', 'amount']);
    writeFileSync(join(folder, 'data', 'sales.csv'), 'region,amount,discount\nnorth,1,2\n');
    expect(await labels(language, uri, "select s./*|*/ from 'data/sales.csv' s")).toEqual(['region', 'amount', 'discount']);
    expect(await labels(language, uri, "select s./*|*/ from 'https://example.invalid/sales.csv' s")).toEqual([]);
  });

  it('answers hover, signature help, definition, references and rename', async () => {
    const language = await startLanguage();
    const uri = 'file:///work/a.sql';
    await language.open(uri, "-- 😀\nwith t as (select '😀' as a)\nselect upper(t.a) from t");
    const hover = await language.ask<Hover>('hover', uri, 2, 15);
    expect(hover).toMatchObject({ contents: { kind: 'markdown', value: expect.stringContaining('a VARCHAR') } });
    const signature = await language.ask<SignatureHelp>('signatureHelp', uri, 2, 13);
    expect(signature.signatures[signature.activeSignature ?? 0]?.label).toContain('upper(string VARCHAR');
    expect(await language.ask<Location>('definition', uri, 2, 13)).toEqual({
      uri,
      range: { start: { line: 1, character: 5 }, end: { line: 1, character: 6 } },
    });
    const context = { includeDeclaration: false };
    expect(await language.ask<Location[]>('references', uri, 1, 5, { context })).toHaveLength(2);
    expect(await language.ask('prepareRename', uri, 1, 5)).toMatchObject({ placeholder: 't' });
    const { changes } = await language.ask<WorkspaceEdit>('rename', uri, 1, 5, { newName: 'renamed' });
    expect(changes?.[uri]?.map(({ newText, range }) => [newText, range.start.line])).toEqual([
      ['renamed', 1],
      ['renamed', 2],
      ['renamed', 2],
    ]);
    await expect(language.ask('rename', uri, 2, 8, { newName: 'x' })).rejects.toThrow('This is a function of the database');
    expect(await language.ask('hover', uri, 0, 2)).toBeNull();
    expect(await language.ask('completion', 'file:///work/never-opened.sql', 0, 0)).toBeNull();
  });

  it('sees in a cell what earlier cells of its notebook make, and renames through all of them', { tags: ['slow'] }, async () => {
    const language = await startLanguage();
    const uri = 'file:///work/analysis.kodiak.sql';
    const cells = ['a', 'b', 'c'].map((name) => `vscode-notebook-cell:/work/analysis.kodiak.sql#${name}`);
    const texts = ['create table n (k integer, "b c" date)', 'select n.k from n', 'select  from n'];
    await language.notify('notebookDocument/didOpen', {
      notebookDocument: { uri, notebookType: 'kodiak-notebook', version: 1, cells: cells.map((document) => ({ kind: 2, document })) },
      cellTextDocuments: cells.map((cell, index) => ({ uri: cell, languageId: 'sql', version: 1, text: texts[index] })),
    });
    const [first = '', second = '', third = ''] = cells;
    const { items } = await language.ask<CompletionList>('completion', third, 0, 7);
    expect(items.find(({ label }) => label === 'b c')).toMatchObject({ detail: 'date · n', textEdit: { newText: '"b c"' } });
    expect(await language.ask<Location>('definition', second, 0, 9)).toMatchObject({
      uri: first,
      range: { start: { line: 0, character: 16 } },
    });
    const { changes } = await language.ask<WorkspaceEdit>('rename', second, 0, 16, { newName: 'm' });
    expect(Object.entries(changes ?? {}).map(([cell, edits]) => [cell, edits.length])).toEqual([
      [first, 1],
      [second, 2],
      [third, 1],
    ]);
  });

  it('knows no tables, and answers, while the database cannot be opened', { tags: ['slow'] }, async () => {
    const language = await startLanguage({ settings: { database: '/nowhere/at/all.duckdb' } });
    await language.open('file:///work/a.sql', '');
    expect(await labels(language, 'file:///work/a.sql', 'with t as (select 1 as k) select /*|*/ from t')).toContain('k');
  });
});
