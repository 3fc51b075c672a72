import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CodeAction, CodeLens, Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver/node';
import { type RunQueryParams, runQuery } from '../../../server/protocol/requests.ts';
import { type EditorSide, startEditor } from '../../support/languageClient.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const published = { method: 'textDocument/publishDiagnostics' } as const;
const URI = 'file:///work/query.sql';

let runs = 0;
function script(sql: string, sessionId: string): RunQueryParams {
  return { runId: `language run ${++runs}`, sessionId, sql };
}

function open({ client }: EditorSide, text: string, uri = URI): Promise<void> {
  return client.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text } });
}

function type({ client }: EditorSide, version: number, character: number, text: string, uri = URI): Promise<void> {
  const at = { line: 0, character };
  return client.connection.sendNotification('textDocument/didChange', {
    textDocument: { uri, version },
    contentChanges: [{ range: { start: at, end: at }, text }],
  });
}

/** The next diagnostics of a document's version. */
async function diagnosticsOf({ client }: EditorSide, version: number, uri = URI): Promise<readonly Diagnostic[]> {
  const params = await client.next<PublishDiagnosticsParams>(published, (told) => told.uri === uri && told.version === version);
  return params.diagnostics;
}

function messages(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ message }) => String(message).split('\n')[0] ?? '');
}

describe('diagnostics', () => {
  it('mark several statements of an untitled document, and go when it is closed', async () => {
    const editor = await startEditor();
    const uri = 'untitled:Untitled-1';
    const told = diagnosticsOf(editor, 1, uri);
    await open(editor, 'select 1;\nselect x;\nselec 2', uri);
    const diagnostics = await told;
    expect(diagnostics.map(({ range, severity, source }) => [range.start, range.end, severity, source])).toEqual([
      [{ line: 1, character: 7 }, { line: 1, character: 8 }, 1, 'Kodiak'],
      [{ line: 2, character: 0 }, { line: 2, character: 5 }, 1, 'Kodiak'],
    ]);
    const gone = editor.client.next<PublishDiagnosticsParams>(published, (params) => params.uri === uri);
    await editor.client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    expect((await gone).diagnostics).toEqual([]);
  });

  it('are quiet about what is being typed, until the typing rests', { tags: ['slow'] }, async () => {
    const editor = await startEditor();
    const clean = diagnosticsOf(editor, 1);
    await open(editor, 'select 1 from range(3)');
    expect(await clean).toEqual([]);
    const first = diagnosticsOf(editor, 2);
    await type(editor, 2, 22, ' where');
    expect(await first).toEqual([]);
    expect(messages(await diagnosticsOf(editor, 2))).toEqual(['Parser Error: syntax error at end of input']);
  });

  it('follow what is run', async () => {
    const editor = await startEditor();
    const before = diagnosticsOf(editor, 1);
    await open(editor, 'select a from made');
    expect(messages(await before)).toEqual(['Catalog Error: Table with name made does not exist!']);
    const after = diagnosticsOf(editor, 1);
    await editor.client.request(runQuery, script('create temp table made(a int)', URI));
    expect(await after).toEqual([]);
  });

  it('see earlier cells of a notebook', async () => {
    const editor = await startEditor();
    const uri = 'file:///work/book.kodiak.sql';
    const cells = ['create table made as select 1 as a', 'select a, b from made'].map((text, index) => ({
      uri: `vscode-notebook-cell:/work/book.kodiak.sql#${index}`,
      languageId: 'sql',
      version: 1,
      text,
    }));
    const [first, second] = [diagnosticsOf(editor, 1, cells[0]?.uri), diagnosticsOf(editor, 1, cells[1]?.uri)];
    await editor.client.connection.sendNotification('notebookDocument/didOpen', {
      notebookDocument: { uri, notebookType: 'kodiak-notebook', version: 1, cells: cells.map((cell) => ({ kind: 2, document: cell.uri })) },
      cellTextDocuments: cells,
    });
    expect(await first).toEqual([]);
    expect(messages(await second)).toEqual(['Binder Error: Referenced column "b" not found in FROM clause!']);
  });

  it('read files beside the document, and open no database that is not there', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', 'x.csv'), 'id,word\n1,a\n');
    const editor = await startEditor();
    const uri = pathToFileURL(join(folder, 'query.sql')).href;
    const told = diagnosticsOf(editor, 1, uri);
    await open(editor, "select id, wrd from 'data/x.csv'", uri);
    expect(messages(await told)).toEqual(['Binder Error: Referenced column "wrd" not found in FROM clause!']);
  });
});

describe('quick fixes', () => {
  const FIXED: readonly (readonly [string, ...string[]])[] = [
    ['select nme from customers', 'select name from customers'],
    ['select c.nme from customers c', 'select c.name from customers c'],
    ['from custmers', 'from customers'],
    ['select uper(name) from customers', 'select upper(name) from customers'],
    [
      'select id from customers c join orders o on true',
      'select c.id from customers c join orders o on true',
      'select o.id from customers c join orders o on true',
    ],
    [
      'select name, count(*) from customers order by 1',
      'select name, count(*) from customers GROUP BY ALL order by 1',
      'select any_value(name), count(*) from customers order by 1',
    ],
    [
      'select id, name, count(*) from customers group by id having true',
      'select id, name, count(*) from customers group by id, name having true',
      'select id, any_value(name), count(*) from customers group by id having true',
    ],
    ['select 1 as order, 2 from where', 'select 1 as order, 2 from "where"'],
    ['update customers set nme = 1', 'update customers set name = 1'],
  ];

  async function fixes(editor: EditorSide, text: string, index: number): Promise<string[]> {
    const uri = `file:///work/fix${index}.sql`;
    const told = diagnosticsOf(editor, 1, uri);
    await open(editor, text, uri);
    const range = (await told)[0]?.range;
    const actions = await editor.client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range,
      context: { diagnostics: [] },
    });
    return actions.map(({ edit }) => {
      const change = edit?.changes?.[uri]?.[0];
      return change ? text.slice(0, change.range.start.character) + change.newText + text.slice(change.range.end.character) : '';
    });
  }

  it('come with what they would write, the likeliest first', { tags: ['slow'] }, async () => {
    const editor = await startEditor();
    await editor.client.request(
      runQuery,
      script('create table customers(id int, name varchar, "Total €" int); create table orders(id int)', 'setup'),
    );
    const given = await Promise.all(FIXED.map(([text], index) => fixes(editor, text, index)));
    expect(given.map((texts, index) => texts.slice(0, (FIXED[index]?.length ?? 1) - 1))).toEqual(FIXED.map(([, ...texts]) => texts));
  });
});

describe('code lenses', () => {
  it('tell how statements ended that were run in any other way', async () => {
    const editor = await startEditor();
    const text = 'create table t as select 1 as a;\nfrom t;\nselect broken;\nselect 4;';
    await open(editor, text);
    await editor.client.request(runQuery, script(text, URI));
    await editor.client.request(runQuery, script('select 4', 'file:///work/other.sql'));
    const lenses = await editor.client.connection.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument: { uri: URI } });
    const outcomes = lenses
      .filter(({ command }) => command?.command === '')
      .map(({ range, command }) => [range.start.line, command?.title]);
    expect(outcomes).toEqual([
      [0, expect.stringMatching(/^1 row · \S+ ms$|^done · \S+ ms$/)],
      [1, expect.stringMatching(/^1 row · \S+ ms$/)],
      [2, expect.stringMatching(/^failed: Binder Error/)],
    ]);
  });

  it('run a statement of a file and tell how it went', async () => {
    const editor = await startEditor();
    await open(editor, 'create table t as from range(42);\nselect * from t;\nselect broken');
    const lenses = () => editor.client.connection.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument: { uri: URI } });
    const run = async (line: number) => {
      const lens = (await lenses()).find(({ range, command }) => range.start.line === line && command?.title === '▷ Run');
      return await editor.client.connection.sendRequest('workspace/executeCommand', lens?.command);
    };
    expect((await lenses()).map(({ command }) => command?.title)).toEqual(['▷ Run', 'Explain', '▷ Run', 'Explain', '▷ Run', 'Explain']);
    await run(0);
    expect(await run(1)).toMatchObject({ rowCount: 42 });
    expect(await run(2)).toMatchObject({ error: { code: 'sql' } });
    const titles = (await lenses()).filter(({ command }) => command?.command === '').map(({ command }) => command?.title);
    expect(titles).toEqual([
      expect.stringMatching(/^done · \S+ ms$/),
      expect.stringMatching(/^42 rows · \S+ ms$/),
      'failed: Binder Error: Referenced column "broken" was not found because the FROM clause is missing',
    ]);
  });

  it('explain a statement without running it', async () => {
    const editor = await startEditor();
    await open(editor, 'create table t as from range(42);\nset threads = 2');
    const lenses = () => editor.client.connection.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument: { uri: URI } });
    const titles = async () => (await lenses()).map(({ range, command }) => `${range.start.line} ${command?.title}`);
    expect(await titles()).toEqual(['0 ▷ Run', '0 Explain', '1 ▷ Run']);
    const explain = (await lenses())[1]?.command;
    const plan = await editor.client.connection.sendRequest('workspace/executeCommand', explain);
    expect(plan).toMatchObject({
      columns: [{ name: 'explain_key' }, { name: 'explain_value' }],
      rows: [['physical_plan', expect.stringMatching(/RANGE/i)]],
    });
    const again = await editor.client.connection.sendRequest('workspace/executeCommand', explain);
    expect(again).not.toHaveProperty('error');
    expect(await titles()).toEqual(['0 ▷ Run', '0 Explain', '1 ▷ Run']);
  });

  it('are not for notebook cells, and refuse what is not there', async () => {
    const editor = await startEditor();
    const failure = editor.client.connection.sendRequest('workspace/executeCommand', {
      command: 'kodiak.runStatement',
      arguments: [{ uri: URI }],
    });
    await expect(failure).rejects.toThrow('of an open document');
  });
});

describe('requests about text', () => {
  it('are answered for open documents, and with nothing for others', { tags: ['slow'] }, async () => {
    const editor = await startEditor();
    const text = 'with a as (\n  select 1 as x\n)\nselect x from a;\ncreate table t(i int);';
    const ask = (method: string, more: object = {}) =>
      editor.client.connection.sendRequest<unknown>(method, { textDocument: { uri: URI }, ...more });
    const position = { line: 3, character: 7 };
    expect(await ask('textDocument/documentSymbol')).toEqual([]);
    expect(await ask('textDocument/semanticTokens/full')).toEqual({ data: [] });
    await open(editor, text);
    expect(await ask('textDocument/documentSymbol')).toMatchObject([{ children: [{ name: 'a' }] }, { name: 't' }]);
    expect(await ask('textDocument/foldingRange')).toEqual([{ startLine: 0, endLine: 3 }]);
    expect(await ask('textDocument/documentHighlight', { position })).toHaveLength(2);
    expect(await ask('textDocument/selectionRange', { positions: [position] })).toHaveLength(1);
    const full = (await ask('textDocument/semanticTokens/full')) as { data: number[] };
    const range = { start: { line: 3, character: 0 }, end: { line: 4, character: 0 } };
    const part = (await ask('textDocument/semanticTokens/range', { range })) as { data: number[] };
    expect([full.data.length > part.data.length, part.data.length / 5]).toEqual([true, 4]);
    expect(await editor.client.connection.sendRequest('workspace/symbol', { query: 't' })).toMatchObject([
      { name: 't', location: { uri: URI } },
    ]);
  });
});
