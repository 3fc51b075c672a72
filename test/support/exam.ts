import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, inject, onTestFinished } from 'vitest';
import { createMessageConnection, type Diagnostic, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { RpcClient } from './rpcClient.ts';
import { startServerProcess } from './serverProgram.ts';
import { type AtEnd, temporaryFolder } from './temporaryFolder.ts';

/** A question at a cursor of a document, or of one cell of a notebook. */
export interface Place {
  readonly uri: string;
  /** The text of the document or cell, without the cursor. */
  readonly text: string;
  readonly position: { readonly line: number; readonly character: number };
  /** All documents of the question: the one, or the notebook's cells in order. */
  readonly documents: readonly { readonly uri: string; readonly text: string }[];
}

export interface Exam {
  /** Opens a text with a cursor; `%%` parts the cells of a notebook. The place of the cursor, or the end without one. */
  place(marked: string): Promise<Place>;
  /** Sends a request about a document of the place; `more` is merged into its parameters. */
  ask<Result>(method: string, place: Place, more?: object): Promise<Result>;
  /** The next diagnostics of each document of the place, in order; asked for right after `place`. */
  diagnostics(place: Place): Promise<readonly (readonly Diagnostic[])[]>;
  /** Closes the documents of a place. */
  close(place: Place): Promise<void>;
  readonly client: RpcClient;
  readonly folder: string;
}

/** One server for all tests of a file: they close the documents that they open. */
export function sharedExam(): () => Exam {
  const ends: (() => void)[] = [];
  let exam: Exam | undefined;
  beforeAll(async () => {
    exam = await startExam({}, {}, (clean) => ends.push(clean));
  });
  afterAll(() => {
    for (const clean of ends.reverse()) clean();
  });
  return () => {
    if (exam === undefined) throw new Error('No examination was begun.');
    return exam;
  };
}

/**
 * The server's program on the examination's database (`test/fixtures/exam/schema.sql`), spoken to over stdio as an editor does. Its
 * folder holds `sales.csv`, `trips.parquet`, `words.json` and `data/readings.parquet`. Ends with the test.
 */
export async function startExam(capabilities: object = {}, settings: object = {}, atEnd: AtEnd = onTestFinished): Promise<Exam> {
  const folder = temporaryFolder(atEnd);
  mkdirSync(join(folder, 'data'));
  const { process: child, errors } = startServerProcess(inject('serverProgram'), ['--stdio'], {
    runtimeFolder: temporaryFolder(atEnd),
    atEnd,
    cwd: folder,
  });
  if (!child.stdout || !child.stdin) throw new Error(errors());
  const client = new RpcClient(createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin)));
  const { connection } = client;
  await connection.sendRequest('initialize', {
    processId: null,
    rootUri: pathToFileURL(folder).href,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'exam' }],
    capabilities,
    initializationOptions: { database: 'exam.duckdb', ...settings },
  });
  await connection.sendNotification('initialized', {});
  const schema = readFileSync('test/fixtures/exam/schema.sql', 'utf8');
  writeFileSync(join(folder, 'schema.sql'), schema);
  const uri = pathToFileURL(join(folder, 'schema.sql')).href;
  const done = await connection.sendRequest<{ error?: unknown }>('workspace/executeCommand', {
    command: 'kodiak.runSql',
    arguments: [{ sql: schema, uri }],
  });
  if (done.error !== undefined) throw new Error(JSON.stringify(done.error));
  const published = new Map<string, Diagnostic[]>();
  const waiting = new Map<string, (list: Diagnostic[]) => void>();
  connection.onNotification('textDocument/publishDiagnostics', (params: { uri: string; diagnostics: Diagnostic[] }) => {
    const next = waiting.get(params.uri);
    waiting.delete(params.uri);
    if (next) next(params.diagnostics);
    else published.set(params.uri, params.diagnostics);
  });
  let count = 0;

  async function place(marked: string): Promise<Place> {
    const parts = marked.split('%%');
    const base = pathToFileURL(join(folder, `case${++count}`)).href;
    const texts = parts.map((part) => part.replace('/*|*/', ''));
    const uris = parts.length === 1 ? [`${base}.sql`] : parts.map((_, index) => `${base}.kodiak.sql#cell${index}`);
    const documents = texts.map((text, index) => ({ uri: uris[index] as string, text }));
    const opened = documents.map((document) => ({ ...document, languageId: 'sql', version: 1 }));
    if (parts.length === 1) await connection.sendNotification('textDocument/didOpen', { textDocument: opened[0] });
    else
      await connection.sendNotification('notebookDocument/didOpen', {
        notebookDocument: {
          uri: `${base}.kodiak.sql`,
          notebookType: 'kodiak-notebook',
          version: 1,
          cells: documents.map((document) => ({ kind: 2, document: document.uri })),
        },
        cellTextDocuments: opened,
      });
    const index = Math.max(
      0,
      parts.findIndex((part) => part.includes('/*|*/')),
    );
    const part = parts[index] as string;
    const before = part.slice(0, part.includes('/*|*/') ? part.indexOf('/*|*/') : part.length).split('\n');
    const { uri, text } = documents[index] as (typeof documents)[number];
    return { uri, text, position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 }, documents };
  }

  return {
    client,
    folder,
    place,
    ask: (method, { uri, position }, more = {}) =>
      connection.sendRequest(`textDocument/${method}`, { textDocument: { uri }, position, ...more }),
    diagnostics: (asked) =>
      Promise.all(
        asked.documents.map((document) => {
          const known = published.get(document.uri);
          published.delete(document.uri);
          return known ?? new Promise<Diagnostic[]>((resolve) => waiting.set(document.uri, resolve));
        }),
      ),
    async close({ documents }) {
      if (documents.length === 1) await connection.sendNotification('textDocument/didClose', { textDocument: { uri: documents[0]?.uri } });
      else
        await connection.sendNotification('notebookDocument/didClose', {
          notebookDocument: { uri: documents[0]?.uri.split('#')[0] },
          cellTextDocuments: documents.map(({ uri }) => ({ uri })),
        });
    },
  };
}
