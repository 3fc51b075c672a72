// Every request of the language server after a keystroke: the built program, one server for each size of the catalog, spoken to over
// stdio as an editor does, with a script of one statement and one of 5,000 lines that is edited in its middle.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { bundled } from './bundled.mjs';
import { schema, script } from './languageScript.mjs';
import { median, ms, percentile } from './measure.mjs';

const require = createRequire(import.meta.url);
const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = require('vscode-languageserver/node');
const { TextDocument } = require('vscode-languageserver-textdocument');

const SIZES = [10, 1_000, 10_000];
const SCRIPTS = { '1 statement': 0, '5,000 lines': 5_000 };
const WARM_UP = 10;
const SAMPLES = 30;
const DIAGNOSTICS_SAMPLES = 30;
const PATIENCE_MS = 120_000;

const QUERY = `select c.name, o.total, sum(i.qty * i.unit_price) as worth
from customers c
join orders o on o.customer_id = c.id
join order_items i on i.order_id = o.id
where o.status = 'new' and o.total > 10
group by all
order by worth desc;`;
const at = (word, letters) => QUERY.replace(word, `${word.slice(0, letters)}|${word.slice(letters)}`);

/** Texts of the statement in the middle. The letter before `|` was typed just now. */
const COMPLETIONS = {
  'completion, columns behind an alias': QUERY.replace('o.total > 10', 'o.to| > 10'),
  'completion, columns in WHERE': QUERY.replace('o.total > 10', 'w| > 10'),
  'completion, tables by a prefix': 'select * from or|;',
  'completion, tables, all of them': 'select * from |;',
  'completion, columns before FROM': 'select cha|;',
  'completion, condition of a join': QUERY.replace('on i.order_id = o.id', 'on |'),
};
const here = (position) => ({ start: position, end: position });
const screen = ({ line }) => ({ range: { start: { line: Math.max(0, line - 30), character: 0 }, end: { line: line + 30, character: 0 } } });
const options = { tabSize: 2, insertSpaces: true };
const REQUESTS = [
  ['hover', 'textDocument/hover', at('total', 2)],
  ['signature help', 'textDocument/signatureHelp', QUERY.replace('i.qty * i.unit_price', "date_trunc('day'|, o.ordered_at)")],
  ['definition', 'textDocument/definition', at('i.qty', 1)],
  ['references of an alias', 'textDocument/references', at('i.qty', 1), () => ({ context: { includeDeclaration: true } })],
  ['references of a table', 'textDocument/references', at('customers', 4), () => ({ context: { includeDeclaration: true } })],
  ['document highlight', 'textDocument/documentHighlight', at('i.qty', 1)],
  ['document symbols', 'textDocument/documentSymbol', at('total', 2)],
  ['workspace symbols', 'workspace/symbol', at('total', 2), () => ({ query: 'report' })],
  ['folding ranges', 'textDocument/foldingRange', at('total', 2)],
  ['selection ranges', 'textDocument/selectionRange', at('total', 2), (position) => ({ positions: [position] })],
  ['semantic tokens', 'textDocument/semanticTokens/full', at('total', 2)],
  ['semantic tokens of a screen', 'textDocument/semanticTokens/range', at('total', 2), screen],
  ['code actions', 'textDocument/codeAction', at('total', 2), (position) => ({ range: here(position), context: { diagnostics: [] } })],
  ['code lenses', 'textDocument/codeLens', at('total', 2)],
  ['inlay hints of a screen', 'textDocument/inlayHint', at('total', 2), screen],
  ['formatting', 'textDocument/formatting', at('total', 2), () => ({ options })],
  ['formatting of one statement', 'textDocument/rangeFormatting', at('total', 2), (position) => ({ range: here(position), options })],
  ['prepare rename', 'textDocument/prepareRename', at('i.qty', 1)],
  ['rename', 'textDocument/rename', at('i.qty', 1), () => ({ newName: 'item' })],
];

/** `LANGUAGE_BENCH` takes only the rows whose name contains it, and `LANGUAGE_TABLES` one size of the catalog. */
export async function language() {
  const { LANGUAGE_BENCH: only = '', LANGUAGE_TABLES: size } = process.env;
  const sizes = SIZES.filter((tables) => size === undefined || tables === Number(size));
  const table = new Map();
  const put = (name, column, times) => table.set(name, (table.get(name) ?? new Map()).set(column, times));
  const memory = new Map();
  for (const tables of sizes) {
    const folder = mkdtempSync(join(tmpdir(), 'kodiak-language-'));
    try {
      const file = join(folder, 'bench.duckdb');
      await makeDatabase(file, tables);
      const bareBytes = await bareMemory(file);
      memory.set(tables, { ...(await serverMemory(folder)), bareBytes });
      copyFileSync(file, join(folder, 'bare.duckdb'));
      const bare = await DuckDBInstance.create(join(folder, 'bare.duckdb'));
      const bareConnection = await bare.connect();
      const editor = await startEditor(folder);
      for (const [title, lines] of Object.entries(SCRIPTS)) {
        const column = `${title}, ${tables.toLocaleString('en-US')} tables`;
        const view = await editor.open(`script${lines}.sql`, script(lines));
        const completions = Object.entries(COMPLETIONS).filter(([name]) => name.includes(only));
        const own = [];
        for (const [name, marked] of completions) {
          put(name, column, await sample(view, marked, 'textDocument/completion'));
          own.push(...(await bareCompletions(bareConnection, marked)));
        }
        if (own.length > 0) put('DuckDB’s own `sql_auto_complete`, at the same cursors', column, own);
        for (const [name, method, marked, more] of REQUESTS) {
          if (name.includes(only)) put(name, column, await sample(view, marked, method, more));
        }
        if ('error until it is shown'.includes(only)) {
          const { shown, gone } = await diagnose(view);
          put('error until it is shown, with the pause of 250 ms', column, shown);
          put('error until it is gone, with the pause of 250 ms', column, gone);
        }
        if ('beside'.includes(only)) {
          for (const [name, method, marked, more] of [
            ['completion', 'textDocument/completion', COMPLETIONS['completion, columns behind an alias']],
            ...REQUESTS.filter(([other]) => other === 'hover' || other === 'inlay hints of a screen'),
          ]) {
            put(`${name}, beside a long query`, column, await editor.whileRunning(view.uri, () => sample(view, marked, method, more)));
          }
        }
        await view.close();
      }
      bareConnection.closeSync();
      bare.closeSync();
      await editor.stop();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const lexing = await lexTimes();
  const columns = sizes.flatMap((tables) => Object.keys(SCRIPTS).map((title) => `${title}, ${tables.toLocaleString('en-US')} tables`));
  const cell = (times) => (times ? `${ms(median(times))} / ${ms(percentile(times, 0.95))} (${ms(Math.min(...times))})` : '');
  return [
    'From the keystroke to the answer, in milliseconds: median / 95th percentile (least).',
    '',
    `| request | ${columns.join(' | ')} |`,
    `| --- |${' --- |'.repeat(columns.length)}`,
    ...[...table].map(([name, cells]) => `| ${name} | ${columns.map((column) => cell(cells.get(column))).join(' | ')} |`),
    '',
    ...memoryTable(memory),
    '',
    ...goals(table, memory, lexing),
  ];
}

function memoryTable(memory) {
  const mb = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return [
    '| memory, after a completion and a collection of garbage | JavaScript heap | resident, server | resident, bare DuckDB that read `duckdb_columns()` |',
    '| --- | --- | --- | --- |',
    ...[...memory].map(
      ([tables, { heapBytes, residentBytes, bareBytes }]) =>
        `| ${tables.toLocaleString('en-US')} tables × 10 columns | ${mb(heapBytes)} | ${mb(residentBytes)} | ${mb(bareBytes)} |`,
    ),
  ];
}

function goals(table, memory, lexing) {
  const worst = (belongs, column) =>
    Math.max(...[...table].filter(([name]) => belongs(name)).map(([, cells]) => percentile(cells.get(column) ?? [0], 0.95)));
  const isCompletion = (name) => name.startsWith('completion, ') && !name.endsWith('query');
  const [few, many] = [memory.get(10), memory.get(10_000)];
  const rows = [
    ['completion, 95th percentile, worst cursor, 10 tables, 1 statement', worst(isCompletion, '1 statement, 10 tables'), 15, 'ms'],
    ['completion, 95th percentile, worst cursor, 10 tables, 5,000 lines', worst(isCompletion, '5,000 lines, 10 tables'), 30, 'ms'],
    ['completion, 95th percentile, worst cursor, 10,000 tables, 5,000 lines', worst(isCompletion, '5,000 lines, 10,000 tables'), 30, 'ms'],
    [
      'keystroke to diagnostics, 95th percentile, 10,000 tables, 5,000 lines',
      worst((name) => name.startsWith('error'), '5,000 lines, 10,000 tables'),
      400,
      'ms',
    ],
    [
      'completion beside a long query, 95th percentile',
      worst((name) => name === 'completion, beside a long query', '5,000 lines, 10,000 tables'),
      30,
      'ms',
    ],
    [`lexing of 200 KB again, median (least ${ms(Math.min(...lexing))} ms)`, median(lexing), 6, 'ms'],
    ...(few && many
      ? [
          ['heap for 10,000 tables, more than for 10', (many.heapBytes - few.heapBytes) / 2 ** 20, 60, 'MiB'],
          [
            'resident memory for 10,000 tables, more than for 10, less what bare DuckDB takes',
            (many.residentBytes - few.residentBytes - (many.bareBytes - few.bareBytes)) / 2 ** 20,
            60,
            'MiB',
          ],
        ]
      : []),
  ];
  return [
    '| goal | measured | at most | |',
    '| --- | --- | --- | --- |',
    ...rows
      .filter(([, value]) => Number.isFinite(value) && value !== 0)
      .map(([name, value, limit, unit]) => `| ${name} | ${ms(value)} ${unit} | ${limit} ${unit} | ${value <= limit ? 'met' : 'missed'} |`),
  ];
}

/** Milliseconds from typing the letter before the cursor to the answer, for each of the samples. */
async function sample(view, marked, method, more = () => ({})) {
  const times = [];
  await view.write(marked);
  for (let round = 0; round < WARM_UP + SAMPLES; round++) {
    view.erase();
    await pause(5);
    const began = performance.now();
    view.type();
    await view.ask(method, more(view.position()));
    if (round >= WARM_UP) times.push(performance.now() - began);
  }
  return times;
}

/** Typing one more letter of an alias makes its uses errors, and erasing it ends them. */
async function diagnose(view) {
  const shown = [];
  const gone = [];
  await view.write(QUERY.replace('customers c', 'customers cx|'));
  view.erase();
  for (let round = 0; round < 3 + DIAGNOSTICS_SAMPLES; round++) {
    await pause(400);
    let began = performance.now();
    await view.published(view.type(), (list) => list.length > 0);
    if (round >= 3) shown.push(performance.now() - began);
    await pause(400);
    began = performance.now();
    await view.published(view.erase(), (list) => list.length === 0);
    if (round >= 3) gone.push(performance.now() - began);
  }
  return { shown, gone };
}

async function bareCompletions(connection, marked) {
  const text = marked.slice(0, marked.indexOf('|')).replaceAll("'", "''");
  const times = [];
  for (let round = 0; round < 5 + SAMPLES; round++) {
    const began = performance.now();
    await connection.runAndReadAll(`select * from sql_auto_complete('${text}')`);
    if (round >= 5) times.push(performance.now() - began);
  }
  return times;
}

async function makeDatabase(file, tables) {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(`begin;${schema(tables).join(';')};commit;checkpoint`);
  connection.closeSync();
  instance.closeSync();
}

/** Has a process tell its memory, garbage collected, when it is sent a signal. */
const TELL = `process.on('SIGUSR2', () => { gc(); gc(); process.stderr.write('memory ' + JSON.stringify(process.memoryUsage()) + '\\n'); });`;
const PROBE = ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(TELL)}`];

async function memoryOf(child) {
  const told = new Promise((resolve) => {
    let text = '';
    child.stderr.on('data', (data) => {
      text += data;
      const found = /memory (.*)\n/.exec(text)?.[1];
      if (found) resolve(JSON.parse(found));
    });
  });
  child.kill('SIGUSR2');
  const { heapUsed, external, rss } = await told;
  return { heapBytes: heapUsed + external, residentBytes: rss };
}

async function serverMemory(folder) {
  const editor = await startEditor(folder, PROBE);
  const view = await editor.open('memory.sql', { before: '', after: '' });
  await sample(view, COMPLETIONS['completion, tables, all of them'], 'textDocument/completion');
  await pause(500);
  const memory = await memoryOf(editor.child);
  await editor.stop();
  return memory;
}

async function bareMemory(file) {
  const code = `const { DuckDBInstance } = require('@duckdb/node-api');
    (async () => {
      const connection = await (await DuckDBInstance.create(process.argv[1])).connect();
      await connection.runAndReadAll('select count(*), max(length(column_name)), max(length(data_type)) from duckdb_columns()');
      console.log('read');
      setInterval(() => {}, 1000);
    })();`;
  const child = spawn(process.execPath, [...PROBE, '-e', code, file], { stdio: ['ignore', 'pipe', 'pipe'] });
  await once(child.stdout, 'data');
  const { residentBytes } = await memoryOf(child);
  child.kill();
  await once(child, 'exit');
  return residentBytes;
}

/** The server's program with the folder's database, and an editor's end of it. */
async function startEditor(folder, flags = (process.env.LANGUAGE_FLAGS ?? '').split(' ').filter(Boolean)) {
  const child = spawn(process.execPath, [...flags, 'dist/server/main.js', '--stdio'], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '16', KODIAK_RUNTIME_DIR: mkdtempSync(join(folder, 'run-')) },
    stdio: ['pipe', 'pipe', flags === PROBE ? 'pipe' : 'inherit'],
  });
  const server = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const waiting = new Set();
  server.onNotification('textDocument/publishDiagnostics', (params) => {
    for (const waiter of waiting) if (waiter.accepts(params)) waiter.resolve();
  });
  server.listen();
  const rootUri = pathToFileURL(folder).href;
  await server.sendRequest('initialize', {
    processId: process.pid,
    rootUri,
    workspaceFolders: [{ uri: rootUri, name: 'bench' }],
    capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } } } },
    initializationOptions: { database: 'bench.duckdb', languageInlayHints: 'all' },
  });
  await server.sendNotification('initialized', {});

  function published(accepts) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('No diagnostics came.')), PATIENCE_MS);
      const waiter = { accepts, resolve: () => [clearTimeout(timer), waiting.delete(waiter), resolve()] };
      waiting.add(waiter);
    });
  }

  return {
    child,
    /** Opens a script with a statement in its middle, and waits until it was checked. */
    async open(name, { before, after }) {
      const uri = pathToFileURL(join(folder, name)).href;
      let document = TextDocument.create(uri, 'sql', 1, `${before}${QUERY}${after}`);
      let end = before.length + QUERY.length;
      let cursor = before.length;
      const wasPublished = published((params) => params.uri === uri);
      server.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text: document.getText() } });
      await wasPublished;
      const change = (start, stop, text) => {
        const edit = { range: { start: document.positionAt(start), end: document.positionAt(stop) }, text };
        document = TextDocument.update(document, [edit], document.version + 1);
        server.sendNotification('textDocument/didChange', { textDocument: { uri, version: document.version }, contentChanges: [edit] });
        return document.version;
      };
      let letter = '';
      return {
        uri,
        async write(marked) {
          const text = marked.replace('|', '');
          const version = change(before.length, end, text);
          end = before.length + text.length;
          cursor = before.length + marked.indexOf('|');
          letter = document.getText().charAt(cursor - 1);
          await published((params) => params.uri === uri && params.version === version);
        },
        erase() {
          cursor--;
          end--;
          return change(cursor, cursor + 1, '');
        },
        type() {
          cursor++;
          end++;
          return change(cursor - 1, cursor - 1, letter);
        },
        position: () => document.positionAt(cursor),
        ask: (method, more) => server.sendRequest(method, { textDocument: { uri }, position: document.positionAt(cursor), ...more }),
        published: (version, accepts) =>
          published((params) => params.uri === uri && params.version === version && accepts(params.diagnostics)),
        close: () => server.sendNotification('textDocument/didClose', { textDocument: { uri } }),
      };
    },
    /** Does something while a query of the same document runs. */
    async whileRunning(sessionId, work) {
      const sql = 'select count(*) from range(1000000000000)';
      const running = server.sendRequest('kodiak/runQuery', { runId: 'long', sessionId, sql });
      while ((await server.sendRequest('kodiak/readStats', null)).parallel.running === 0);
      const result = await work();
      if ((await server.sendRequest('kodiak/readStats', null)).parallel.running === 0) throw new Error('The long query ended early.');
      await server.sendRequest('kodiak/cancelQuery', { runId: 'long' });
      await running;
      return result;
    },
    async stop() {
      const exited = once(child, 'exit');
      await server.sendRequest('shutdown');
      await server.sendNotification('exit');
      await exited;
      server.dispose();
    },
  };
}

async function lexTimes() {
  const { tokenize } = await bundled('engine/sql/lexer.ts');
  const { before, after } = script(7_000);
  const text = (before + after).slice(0, 200 * 1024);
  if (text.length < 200 * 1024) throw new Error('The script is too short.');
  const times = [];
  for (let round = 0; round < 60; round++) {
    const began = performance.now();
    tokenize(text);
    if (round >= 20) times.push(performance.now() - began);
  }
  return times;
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
