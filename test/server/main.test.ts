import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import {
  createMessageConnection,
  type InitializeResult,
  IPCMessageReader,
  IPCMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { cancelQuery, openDatabase, queryProgress, readSocket, runQuery } from '../../server/protocol/requests.ts';
import { socketLocation } from '../../server/protocol/socketLocation.ts';
import { RpcClient } from '../support/rpcClient.ts';
import { type ServerProcess, startServerProcess } from '../support/serverProgram.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { attachTerminal, untilListening } from '../support/terminalClient.ts';

const ENDLESS = 'select count(*) from range(100000000000)';

const program = inject('serverProgram');

function places() {
  const runtimeFolder = temporaryFolder();
  process.env['KODIAK_RUNTIME_DIR'] = runtimeFolder;
  return { runtimeFolder, folder: temporaryFolder() };
}

async function startStdio(options: { runtimeFolder: string; cwd?: string; program?: string }, params: object) {
  const server = startServerProcess(options.program ?? program, ['--stdio'], options);
  const { stdin, stdout } = server.process;
  if (!stdin || !stdout) throw new Error('The process has no pipes.');
  return initialize(
    server,
    new RpcClient(createMessageConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin))),
    params,
  );
}

async function initialize(server: ServerProcess, client: RpcClient, params: object) {
  const initialized = await client.connection.sendRequest<InitializeResult>('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
    ...params,
  });
  await client.connection.sendNotification('initialized', {});
  return { server, client, initialized };
}

describe('--stdio', () => {
  it('runs a query from start to exit', async () => {
    const { runtimeFolder, folder } = places();
    const params = { rootUri: pathToFileURL(folder).href, initializationOptions: { database: 'x.duckdb' } };
    const { client, server, initialized } = await startStdio({ runtimeFolder }, params);
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(initialized.serverInfo).toEqual({ name: 'kodiak', version: manifest.version });
    const { statements } = await client.request(runQuery, { runId: '1', sessionId: 's', sql: 'select 42 as answer' });
    expect(statements[0]?.result.preview).toEqual([[42]]);
    expect(existsSync(join(folder, 'x.duckdb'))).toBe(true);
    const { socketFile, tokenFile } = await client.request(readSocket, null);
    await client.connection.sendRequest('shutdown');
    await client.connection.sendNotification('exit');
    expect(await server.exited).toEqual([0, null]);
    expect([existsSync(socketFile), existsSync(tokenFile)]).toEqual([false, false]);
    expect(server.errors()).toBe('');
  });

  it('cancels a long query within a second', async () => {
    const { runtimeFolder } = places();
    const { client } = await startStdio({ runtimeFolder }, {});
    const running = client.request(runQuery, { runId: 'long', sessionId: 's', sql: ENDLESS });
    await client.next(queryProgress);
    const begun = performance.now();
    await client.request(cancelQuery, { runId: 'long' });
    expect((await running).failure?.code).toBe('cancelled');
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it('reads the database path against its starting folder, but never a path in SQL', { tags: ['slow'] }, async () => {
    const { runtimeFolder, folder } = places();
    mkdirSync(join(folder, 'work'));
    const { client } = await startStdio(
      { runtimeFolder, cwd: join(folder, 'work') },
      { initializationOptions: { database: '../x.duckdb' } },
    );
    expect((await client.request(openDatabase, null)).database).toBe(join(folder, 'x.duckdb'));
    await client.request(runQuery, { runId: '1', sessionId: 'a', sql: "copy (select 1) to 'here.csv'", cwd: folder });
    expect(existsSync(join(folder, 'here.csv'))).toBe(true);
    expect(existsSync(join(folder, 'work', 'here.csv'))).toBe(false);
  });

  it('ends with its editor, in the middle of a query', { tags: ['slow'] }, async () => {
    const { runtimeFolder, folder } = places();
    const { client, server } = await startStdio({ runtimeFolder }, { initializationOptions: { database: join(folder, 'x.duckdb') } });
    const { socketFile } = await client.request(readSocket, null);
    client.request(runQuery, { runId: '1', sessionId: 's', sql: ENDLESS }).catch(() => {});
    await client.next(queryProgress);
    server.process.stdin?.end();
    expect(await server.exited).toEqual([0, null]);
    expect(existsSync(socketFile)).toBe(false);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('closes in order on %s', { tags: ['slow'] }, async (signal) => {
    const { runtimeFolder, folder } = places();
    const { client, server } = await startStdio({ runtimeFolder }, { initializationOptions: { database: join(folder, 'x.duckdb') } });
    const { socketFile, tokenFile } = await client.request(readSocket, null);
    await client.request(runQuery, { runId: '1', sessionId: 's', sql: 'create table t as select 1' });
    server.process.kill(signal);
    expect(await server.exited).toEqual([0, null]);
    expect([socketFile, tokenFile, join(folder, 'x.duckdb.wal')].filter(existsSync)).toEqual([]);
  });

  it('that was killed does not stand in the way of the next', { tags: ['slow'] }, async () => {
    const { runtimeFolder, folder } = places();
    const params = { initializationOptions: { database: join(folder, 'x.duckdb') } };
    const first = await startStdio({ runtimeFolder }, params);
    const { socketFile, tokenFile } = await first.client.request(readSocket, null);
    await first.client.request(runQuery, { runId: '1', sessionId: 's', sql: 'create table t as select 7 as a' });
    first.server.process.kill('SIGKILL');
    await first.server.exited;
    expect([existsSync(socketFile), existsSync(tokenFile)]).toEqual([true, true]);
    const second = await startStdio({ runtimeFolder }, params);
    expect((await second.client.request(runQuery, { runId: '1', sessionId: 's', sql: 'from t' })).statements[0]?.result.preview).toEqual([
      [7],
    ]);
    const files = await second.client.request(readSocket, null);
    expect(files).toEqual({ socketFile, tokenFile });
    await attachTerminal(files);
  });
});

describe('a copy of Kodiak for another platform', () => {
  it('says so to each request and lives on', async () => {
    const { runtimeFolder, folder } = places();
    const path = join(folder, 'dist', 'server', 'main.js');
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(program, path);
    copyFileSync('package.json', join(folder, 'package.json'));
    const { client } = await startStdio({ runtimeFolder, program: path }, {});
    for (const _attempt of [1, 2]) {
      const failure = await client.failure(openDatabase, null);
      expect(failure.code).toBe('unavailable');
      expect(failure.message).toContain(`no DuckDB for ${process.platform}-${process.arch}`);
    }
  });
});

describe('--node-ipc', () => {
  it('serves the process that forked it and ends with it', { tags: ['slow'] }, async () => {
    const { runtimeFolder } = places();
    const server = startServerProcess(program, ['--node-ipc', `--clientProcessId=${process.pid}`], { runtimeFolder, ipc: true });
    const connection = createMessageConnection(new IPCMessageReader(server.process), new IPCMessageWriter(server.process));
    const { client } = await initialize(server, new RpcClient(connection), {});
    const { statements } = await client.request(runQuery, { runId: '1', sessionId: 's', sql: "select 1, 'NaN'::double" });
    expect(statements[0]?.result.preview).toEqual([[1, 'NaN']]);
    server.process.disconnect();
    expect(await server.exited).toEqual([0, null]);
  });
});

describe('--socket-only', () => {
  it('leaves a second after its last terminal', { tags: ['slow'] }, async () => {
    const { runtimeFolder, folder } = places();
    const database = join(folder, 'x.duckdb');
    const server = startServerProcess(program, ['--socket-only', '--database', 'x.duckdb'], { runtimeFolder, cwd: folder });
    const location = socketLocation(database);
    await untilListening(location);
    const { client, socket } = await attachTerminal(location);
    expect(await client.request(openDatabase, null)).toMatchObject({ database, pid: server.process.pid });
    const left = performance.now();
    socket.destroy();
    expect(await server.exited).toEqual([0, null]);
    expect(performance.now() - left).toBeLessThan(3_000);
    expect([existsSync(location.socketFile), existsSync(location.tokenFile)]).toEqual([false, false]);
  });

  it('opens a file for reading when told so', { tags: ['slow'] }, async () => {
    const { runtimeFolder, folder } = places();
    const database = join(folder, 'none.duckdb');
    startServerProcess(program, ['--socket-only', '--database', database, '--readonly'], { runtimeFolder });
    const location = socketLocation(database);
    await untilListening(location);
    const { client } = await attachTerminal(location);
    expect((await client.failure(openDatabase, null)).code).toBe('unavailable');
    expect(existsSync(database)).toBe(false);
  });

  it('for a file that an editor has open makes room for the editor', { tags: ['slow'] }, async () => {
    const { runtimeFolder, folder } = places();
    const database = join(folder, 'x.duckdb');
    const { client } = await startStdio({ runtimeFolder }, { initializationOptions: { database } });
    await client.request(openDatabase, null);
    const second = startServerProcess(program, ['--socket-only', '--database', database], { runtimeFolder });
    expect(await second.exited).toEqual([0, null]);
    const terminal = await attachTerminal(await client.request(readSocket, null));
    expect((await terminal.client.request(openDatabase, null)).pid).not.toBe(second.process.pid);
  });
});

describe('the command line', () => {
  it('says how it is used', async () => {
    const { runtimeFolder } = places();
    const server = startServerProcess(program, [], { runtimeFolder });
    expect(await server.exited).toEqual([2, null]);
    expect(server.errors()).toMatch(/^Usage: /);
  });
});
