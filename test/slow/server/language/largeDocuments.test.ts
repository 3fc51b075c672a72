import { describe, expect, it } from 'vitest';
import { ErrorCodes } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { SqlScript } from '../../../../engine/sql/sqlScript.ts';
import { documentSymbols } from '../../../../server/language/documentSymbols.ts';
import { semanticTokens } from '../../../../server/language/semanticTokens.ts';
import { cancelQuery, runQuery } from '../../../../server/protocol/requests.ts';
import { startEditor } from '../../../support/languageClient.ts';

const LONG = 'x'.repeat(10_000);
const DOCUMENTS: Readonly<Record<string, string>> = {
  'a statement of 1 MB in one line': `select ${'1 + '.repeat(262_144)}1`,
  'statements of 1 MB in one line': 'select a from t; '.repeat(61_000),
  '10,000 statements': 'select a, nothing from t where a = 1;\n'.repeat(10_000),
  '10,000 statements that make something': Array.from({ length: 10_000 }, (_, index) => `create table t${index} (a int);`).join('\n'),
  '10,000 dot commands': `${'.mode csv\n'.repeat(10_000)}select 1`,
  '5,000 brackets': `select ${'('.repeat(5_000)}1${')'.repeat(5_000)} from t`,
  '5,000 brackets that are not closed': `select ${'('.repeat(5_000)}1 from t`,
  '5,000 subqueries': `${'select * from ('.repeat(5_000)}select 1${')'.repeat(5_000)}`,
  '5,000 lists and structs': `select ${'[{a: '.repeat(5_000)}1${'}]'.repeat(5_000)}`,
  '5,000 CASE': `select ${'case when 1 then '.repeat(5_000)}1${' end'.repeat(5_000)}`,
  '5,000 comments in one another': `${'/*'.repeat(5_000)}${'*/'.repeat(5_000)} select 1`,
  '300 common table expressions': `with c0 as (select 1 as a)${Array.from({ length: 300 }, (_, index) => `, c${index + 1} as (select a from c${index})`).join('')} select a from c300`,
  '2,000 times EXPLAIN': `${'explain '.repeat(2_000)}select 1`,
  '20,000 quotes': "'\n".repeat(20_000),
  'a binary file': `MZ\u0000${"\u0001;\ufffd(\u0000'".repeat(100_000)}`,
  'a binary file without zeros': Array.from({ length: 200_000 }, (_, index) => String.fromCharCode(1 + ((index * 7_919) % 255))).join(''),
  'names of 10,000 characters': `select "${LONG}", ${'y'.repeat(10_000)}, "${'""'.repeat(5_000)}", "a\n'b" from ${LONG} as "${'z'.repeat(10_000)}" where ${LONG} = 1`,
};

const AT_POSITION: readonly (readonly [method: string, more?: object])[] = [
  ['completion'],
  ['hover'],
  ['signatureHelp'],
  ['definition'],
  ['references', { context: { includeDeclaration: true } }],
  ['documentHighlight'],
  ['prepareRename'],
  ['rename', { newName: 'renamed' }],
];
const OF_DOCUMENT = ['documentSymbol', 'foldingRange', 'semanticTokens/full', 'codeLens'];

describe('documents of any size', () => {
  it.each(Object.keys(DOCUMENTS))('%s: every request is answered', { timeout: 120_000 }, async (name) => {
    const { client } = await startEditor({ settings: { languageInlayHints: 'all' } });
    const { connection } = client;
    const sql = `create table t (a int, b varchar); create table ${LONG} (${LONG} int, "${'z'.repeat(10_000)}" int, "a""b\n" int)`;
    await connection.sendRequest('workspace/executeCommand', { command: 'kodiak.runSql', arguments: [{ sql, uri: 'untitled:setup' }] });
    const text = DOCUMENTS[name] as string;
    const uri = `untitled:${encodeURIComponent(name)}`;
    const document = TextDocument.create(uri, 'sql', 1, text);
    const textDocument = { uri };
    const options = { tabSize: 2, insertSpaces: true };
    await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text } });
    const bugs: string[] = [];
    let asked = 0;
    async function ask(method: string, params: object): Promise<void> {
      asked++;
      try {
        const answer = JSON.stringify((await connection.sendRequest(method, params)) ?? null);
        if (answer.length > 4_000_000) bugs.push(`${method}: ${answer.length} characters`);
      } catch (thrown) {
        // A rename may be refused.
        if ((thrown as { code: number }).code === ErrorCodes.InternalError) bugs.push(`${method}: ${String(thrown)}`);
      }
    }
    const position = document.positionAt(text.length >> 1);
    for (const [method, more] of AT_POSITION) await ask(`textDocument/${method}`, { textDocument, position, ...more });
    const range = { start: position, end: { line: position.line + 30, character: 0 } };
    await ask('textDocument/selectionRange', { textDocument, positions: [position] });
    await ask('textDocument/codeAction', { textDocument, range, context: { diagnostics: [] } });
    await ask('textDocument/inlayHint', { textDocument, range });
    await ask('textDocument/semanticTokens/range', { textDocument, range });
    await ask('textDocument/rangeFormatting', { textDocument, range: { start: position, end: position }, options });
    for (const method of OF_DOCUMENT) await ask(`textDocument/${method}`, { textDocument });
    await ask('workspace/symbol', { query: 't' });
    await connection.sendNotification('textDocument/didClose', { textDocument });
    expect(bugs).toEqual([]);
    expect(asked).toBe(AT_POSITION.length + 5 + OF_DOCUMENT.length + 1);
    expect(client.logLines.filter((line) => /failed:|RangeError/.test(line))).toEqual([]);
  });
});

describe('an edit in the middle of 10,000 statements', () => {
  const statements = Array.from({ length: 10_000 }, (_, index) =>
    index % 100 === 0 ? `create table t${index} (a int);` : `select a from t${index};`,
  );
  const edited = statements.with(5_000, 'select a, b from t5000;');
  const before = new SqlScript([statements.join('\n')]);
  const middle = statements.slice(0, 5_000).join('\n').length + 10;

  it('parses that statement alone, where the definitions before it are known', () => {
    before.defining(middle);
    const after = new SqlScript([edited.join('\n')], before);
    expect(after.defining(middle)).toHaveLength(50);
    expect(after.statementAt(middle)?.blocks[0]?.items).toHaveLength(2);
    expect(after.parsedCount).toBe(1);
  });

  it('takes no tree of a statement that moved', () => {
    before.statements();
    const after = new SqlScript([`select 1;${edited.join('\n')}`], before);
    expect(after.statementAt(20)?.start).toBe('select 1;'.length);
    expect(after.statements().every(({ start, end }) => start <= end && end <= after.text.length)).toBe(true);
    expect(after.parsedCount).toBe(10_001 + 1);
  });

  it('looks for a name in the statements that have it', () => {
    const script = new SqlScript([statements.join('\n')]);
    expect(script.statementsNaming('T5001').map(({ start, end }) => script.text.slice(start, end).trim())).toEqual(['select a from t5001']);
    expect(script.parsedCount).toBe(1);
  });
});

describe('answers about much text', () => {
  it('colour at most 100,000 tokens and list at most 5,000 statements', () => {
    const document = TextDocument.create('untitled:much', 'sql', 1, 'select a from t; '.repeat(61_000));
    expect(semanticTokens(document).data).toHaveLength(5 * 100_000);
    expect(documentSymbols(document)).toHaveLength(5_000);
  });
});

it('answers about SQL do not wait for a query of the same document', { timeout: 60_000 }, async () => {
  const { client } = await startEditor();
  const uri = 'untitled:busy';
  const text = 'create table busy (a int);\nselect a from busy';
  const { connection } = client;
  await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text } });
  const order: string[] = [];
  const running = client
    .request(runQuery, { runId: 'long', sessionId: uri, sql: 'select count(*) from range(1000000000000)' })
    .then(() => order.push('query'));
  const position = { line: 1, character: 8 };
  const textDocument = { uri };
  for (const [method, more] of AT_POSITION.filter(([name]) => name !== 'rename')) {
    await connection.sendRequest(`textDocument/${method}`, { textDocument, position, ...more });
    order.push(method);
  }
  for (const method of OF_DOCUMENT) {
    await connection.sendRequest(`textDocument/${method}`, { textDocument });
    order.push(method);
  }
  await client.request(cancelQuery, { runId: 'long' });
  await running;
  expect(order).toEqual([...AT_POSITION.map(([method]) => method).filter((method) => method !== 'rename'), ...OF_DOCUMENT, 'query']);
});
