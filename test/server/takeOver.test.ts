import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { handOver, readAttached } from '../../server/protocol/attached.ts';
import { openDatabase, readSocket, runQuery } from '../../server/protocol/requests.ts';
import { socketLocation } from '../../server/protocol/socketLocation.ts';
import { startSocketServer } from '../../server/socketServer.ts';
import { startEditor } from '../support/languageClient.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { attachTerminal, untilListening } from '../support/terminalClient.ts';

let runs = 0;
const script = (sql: string) => ({ runId: `take over ${++runs}`, sessionId: 'terminal', sql });

/** An editor that meets the servers of that folder. */
async function startEditorIn(folder: string, database: string) {
  const { client } = await startEditor({ settings: { database } });
  process.env['KODIAK_RUNTIME_DIR'] = folder;
  return client;
}

/** A terminal's server with a table, and one terminal at it. */
async function startTerminal() {
  const folder = temporaryFolder();
  process.env['KODIAK_RUNTIME_DIR'] = folder;
  const database = join(folder, 'x.duckdb');
  const log: string[] = [];
  const server = startSocketServer({
    database,
    readOnly: false,
    startFolder: folder,
    version: '1.2.3',
    log: (line) => void log.push(line),
    leave: () => void server.close(),
    idleMs: 60_000,
  });
  onTestFinished(() => server.close());
  await untilListening(socketLocation(database));
  const terminal = await attachTerminal(socketLocation(database));
  await terminal.client.request(runQuery, script('create table t as select 42 as a'));
  return { folder, database, terminal, log };
}

describe('an editor that opens what a terminal has open', () => {
  it('is given the database, and the terminal finds it there', async () => {
    const { folder, database, terminal, log } = await startTerminal();
    const editor = await startEditorIn(folder, database);
    expect((await editor.request(openDatabase, null)).database).toBe(database);
    await terminal.closed;
    expect(log).toContain('Another server takes the database over.');
    const files = await editor.request(readSocket, null);
    expect(files.socketFile).toBe(socketLocation(database).socketFile);
    const again = await attachTerminal(files);
    expect((await again.client.request(runQuery, script('select a from t'))).statements[0]?.result.preview).toEqual([[42]]);
    expect((await again.client.request(readAttached, null)).host).not.toBe('terminal');
  });

  it.each([
    ['a transaction', 'begin'],
    ['a temporary table', 'create temp table mine as select 1'],
  ])('is told who has it, and that nothing may be lost, where %s is open', async (_name, sql) => {
    const { folder, database, terminal } = await startTerminal();
    await terminal.client.request(runQuery, script(sql));
    const editor = await startEditorIn(folder, database);
    const failure = await editor.failure(openDatabase, null);
    expect(failure).toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/a terminal's server \(process \d+\).*a session has a running query, a transaction/),
    });
    // As soon as it can be had it is.
    await terminal.client.request(runQuery, script(sql === 'begin' ? 'rollback' : 'select 1'));
    if (sql === 'begin') expect((await editor.request(openDatabase, null)).database).toBe(database);
  });

  it('leaves what another editor has', async () => {
    const folder = temporaryFolder();
    const database = join(folder, 'x.duckdb');
    const first = await startEditorIn(folder, database);
    await first.request(openDatabase, null);
    expect(await first.request(handOver, null)).toMatchObject({ accepted: false, holder: 'another editor' });
    const second = await startEditorIn(folder, database);
    expect((await second.failure(openDatabase, null)).message).toMatch(/open in another editor \(process \d+\)/);
  });
});
