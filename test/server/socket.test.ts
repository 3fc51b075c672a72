import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  authenticate,
  catalogChanged,
  closeSession,
  fetchPage,
  openDatabase,
  type RunQueryParams,
  readSocket,
  readStats,
  runQuery,
  statsChanged,
} from '../../server/protocol/requests.ts';
import { type SocketLocation, socketLocation } from '../../server/protocol/socketLocation.ts';
import { SocketListener } from '../../server/socket.ts';
import { startEditor } from '../support/languageClient.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { attachTerminal, connectTerminal, untilListening } from '../support/terminalClient.ts';

const ENDLESS = 'select count(*) from range(100000000000)';

let runs = 0;
function script(sessionId: string, sql: string): RunQueryParams {
  return { runId: `run ${++runs}`, sessionId, sql };
}

async function startEditorWithSocket() {
  const folder = temporaryFolder();
  const editor = await startEditor({ settings: { database: join(folder, 'x.duckdb') } });
  const files = await editor.client.request(readSocket, null);
  return { ...editor, files, database: join(folder, 'x.duckdb') };
}

describe('the socket', () => {
  it('lies where the database says, for nobody else to open', async () => {
    const { files, database } = await startEditorWithSocket();
    const location = socketLocation(database);
    expect(files).toEqual({ socketFile: location.socketFile, tokenFile: location.tokenFile });
    expect(statSync(location.folder).mode & 0o777).toBe(0o700);
    expect(statSync(files.tokenFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(files.tokenFile, 'utf8')).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is there from the start for a database in memory', async () => {
    const { client } = await startEditor();
    const files = await client.request(readSocket, null);
    const terminal = await attachTerminal(files);
    expect((await terminal.client.request(readStats, null)).pool.active).toBe(0);
  });

  it.each([
    ['no token', {}],
    ['a wrong token', { token: '0'.repeat(64) }],
    ['a token of another kind', { token: 7 }],
  ])('refuses %s and hangs up', async (_name, params) => {
    const { files } = await startEditorWithSocket();
    const { client, closed } = await connectTerminal(files);
    expect(await client.request(authenticate, params as { token: string })).toEqual({
      accepted: false,
      reason: expect.stringContaining('token'),
    });
    await closed;
  });

  it('gives no second try', async () => {
    const { files } = await startEditorWithSocket();
    const { client, closed } = await connectTerminal(files);
    await client.request(authenticate, { token: 'wrong' });
    client.request(authenticate, { token: readFileSync(files.tokenFile, 'utf8') }).catch(() => {});
    await closed;
  });

  it('hangs up on whoever asks for anything before', async () => {
    const { files } = await startEditorWithSocket();
    const asking = await connectTerminal(files);
    asking.client.request(openDatabase, null).catch(() => {});
    await asking.closed;
    const telling = await connectTerminal(files);
    await telling.client.connection.sendNotification('exit');
    await telling.closed;
  });

  it('survives what is no message at all', async () => {
    const { files } = await startEditorWithSocket();
    const { socket, closed } = await connectTerminal(files);
    socket.end('GET / HTTP/1.1\r\n\r\n{{{');
    await closed;
    await attachTerminal(files);
  });

  it('lets requests follow the token at once', async () => {
    const { files, database } = await startEditorWithSocket();
    const { client } = await connectTerminal(files);
    const token = readFileSync(files.tokenFile, 'utf8');
    const [{ accepted }, info] = await Promise.all([client.request(authenticate, { token }), client.request(openDatabase, null)]);
    expect([accepted, info.database]).toEqual([true, database]);
  });
});

describe('terminals', () => {
  it('work on the same database, each in its session', async () => {
    const { client: editor, files } = await startEditorWithSocket();
    const [first, second] = [await attachTerminal(files), await attachTerminal(files)];
    await editor.request(runQuery, script('notebook', 'create table shared as select 1 as a; create temp table mine as select 2'));
    for (const { client } of [first, second]) {
      const answer = await client.request(runQuery, script(`terminal ${first.client === client}`, 'from shared; from mine'));
      expect(answer.statements[0]?.result.preview).toEqual([[1]]);
      expect(answer.failure?.code).toBe('sql');
    }
    const { statements } = await first.client.request(runQuery, script('terminal true', 'from range(10)'));
    const page = { resultId: statements[0]?.result.resultId ?? '', offset: 9, limit: 5 };
    expect((await first.client.request(fetchPage, page)).rows).toEqual([[9]]);
    await first.client.request(closeSession, { sessionId: 'terminal true' });
    expect((await first.client.failure(fetchPage, page)).code).toBe('unavailable');
  });

  it('that leave take their queries and sessions with them, and nobody else’s', { tags: ['slow'] }, async () => {
    const { client: editor, files } = await startEditorWithSocket();
    const terminal = await attachTerminal(files);
    await editor.request(runQuery, script('notebook', 'create temp table mine as select 2'));
    terminal.client.request(runQuery, script('terminal', ENDLESS)).catch(() => {});
    await editor.next(statsChanged, ({ parallel }) => parallel.running === 1);
    const left = editor.next(statsChanged, ({ parallel, pool }) => parallel.running === 0 && pool.active === 1);
    terminal.socket.destroy();
    expect((await left).pool.holders).toMatchObject([{ name: 'notebook' }]);
    expect((await editor.request(runQuery, script('notebook', 'from mine'))).failure).toBeUndefined();
  });

  it('share a session that both use until the last one leaves', async () => {
    const { client: editor, files } = await startEditorWithSocket();
    const terminal = await attachTerminal(files);
    await editor.request(runQuery, script('notebook', 'create temp table mine as select 2 as a'));
    expect((await terminal.client.request(runQuery, script('notebook', 'from mine'))).statements[0]?.result.preview).toEqual([[2]]);
    terminal.socket.destroy();
    await terminal.closed;
    expect((await editor.request(runQuery, script('notebook', 'from mine'))).failure).toBeUndefined();
  });

  it('are told of the figures, too', async () => {
    const { client: editor, files } = await startEditorWithSocket();
    const terminal = await attachTerminal(files);
    const told = terminal.client.next(statsChanged, ({ parallel }) => parallel.completed === 1);
    await editor.request(runQuery, script('notebook', 'select 1'));
    await told;
  });

  it('are told of figures and of the catalog unless they are terminals, which ask', async () => {
    const { client: editor, files } = await startEditorWithSocket();
    const program = await attachTerminal(files, { kind: 'program', pid: 1 });
    const terminal = await attachTerminal(files, { kind: 'terminal', pid: 2 });
    const told = Promise.all([program.client.next(catalogChanged), program.client.next(statsChanged)]);
    await editor.request(runQuery, script('notebook', 'create table t(a int)'));
    await told;
    // What was sent to it before this answer has come before it.
    await terminal.client.request(readStats, null);
    expect([...terminal.client.toldOf(catalogChanged), ...terminal.client.toldOf(statsChanged)]).toEqual([]);
  });
});

describe('SocketListener', () => {
  function listenerOptions(location: SocketLocation, log: string[] = []) {
    return { location, log: (line: string) => void log.push(line), attach: () => () => {} };
  }

  function locationIn(folder: string): SocketLocation {
    return { folder, socketFile: join(folder, 'x.sock'), tokenFile: join(folder, 'x.token') };
  }

  async function listen(location: SocketLocation, log?: string[]) {
    const listener = await SocketListener.listen(listenerOptions(location, log));
    onTestFinished(() => listener?.close());
    return listener;
  }

  it('leaves the socket of a living server alone', async () => {
    const location = locationIn(temporaryFolder());
    await listen(location);
    const token = readFileSync(location.tokenFile, 'utf8');
    const log: string[] = [];
    expect(await listen(location, log)).toBeUndefined();
    expect(log).toEqual([expect.stringContaining('Another Kodiak server')]);
    expect(readFileSync(location.tokenFile, 'utf8')).toBe(token);
    await attachTerminal(location);
  });

  it('takes the place of a socket that nobody listens at', async () => {
    const location = locationIn(temporaryFolder());
    writeFileSync(location.socketFile, '');
    writeFileSync(location.tokenFile, 'old', { mode: 0o644 });
    expect(await listen(location)).toBeDefined();
    expect(statSync(location.tokenFile).mode & 0o777).toBe(0o600);
    await attachTerminal(location);
  });

  it('removes its files when it closes, but not those of a successor', async () => {
    const location = locationIn(temporaryFolder());
    const listener = await listen(location);
    listener?.close();
    expect([existsSync(location.socketFile), existsSync(location.tokenFile)]).toEqual([false, false]);
    const second = await listen(location);
    writeFileSync(location.tokenFile, 'a successor');
    second?.close();
    expect(readFileSync(location.tokenFile, 'utf8')).toBe('a successor');
  });

  it('refuses a folder that is open to others', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    await expect(SocketListener.listen(listenerOptions(locationIn(folder)))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('mode 755'),
    });
  });

  it('refuses a path that the system would cut', async () => {
    const folder = temporaryFolder();
    const location = { ...locationIn(folder), socketFile: join(folder, `${'x'.repeat(120)}.sock`) };
    await expect(SocketListener.listen(listenerOptions(location))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is found as soon as its token is there', async () => {
    const location = locationIn(temporaryFolder());
    const waiting = untilListening(location).then(() => attachTerminal(location));
    await listen(location);
    await waiting;
  });

  it('takes a server of another kind for a living one', async () => {
    const location = locationIn(temporaryFolder());
    const other = createServer().listen(location.socketFile);
    onTestFinished(() => void other.close());
    expect(await listen(location)).toBeUndefined();
  });
});
