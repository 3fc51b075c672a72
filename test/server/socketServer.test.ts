import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase, runQuery } from '../../server/protocol/requests.ts';
import { memoryName, socketLocation } from '../../server/protocol/socketLocation.ts';
import { type SocketServerOptions, startSocketServer } from '../../server/socketServer.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { attachTerminal, untilListening } from '../support/terminalClient.ts';

function start(database: string, startFolder: string, more: Partial<SocketServerOptions> = {}) {
  const log: string[] = [];
  let left: ((exitCode: number) => void) | undefined;
  const leaving = new Promise<number>((resolve) => {
    left = resolve;
  });
  const leave = (exitCode: number) => left?.(exitCode);
  const server = startSocketServer({
    database,
    readOnly: false,
    startFolder,
    version: '1.2.3',
    log: (line) => void log.push(line),
    leave,
    idleMs: 20,
    ...more,
  });
  onTestFinished(() => server.close());
  return { server, leaving, log };
}

function useFolder(): string {
  const folder = temporaryFolder();
  process.env['KODIAK_RUNTIME_DIR'] = folder;
  return folder;
}

describe('a server for terminals alone', () => {
  it('serves a file and leaves when the last terminal left', async () => {
    const folder = useFolder();
    const { leaving, server } = start('x.duckdb', folder);
    const location = socketLocation(join(folder, 'x.duckdb'));
    await untilListening(location);
    const [first, second] = [await attachTerminal(location), await attachTerminal(location)];
    expect((await first.client.request(openDatabase, null)).database).toBe(join(folder, 'x.duckdb'));
    first.socket.destroy();
    await first.closed;
    expect((await second.client.request(runQuery, { runId: '1', sessionId: 's', sql: 'select 1' })).statements).toHaveLength(1);
    second.socket.destroy();
    expect(await leaving).toBe(0);
    await server.close();
    expect([existsSync(location.socketFile), existsSync(location.tokenFile)]).toEqual([false, false]);
  });

  it('serves a database in memory under its own name', async () => {
    const folder = useFolder();
    start(':memory:', folder);
    const location = socketLocation(memoryName(process.pid));
    await untilListening(location);
    const { client } = await attachTerminal(location);
    expect((await client.request(openDatabase, null)).database).toBe(':memory:');
  });

  it('leaves when nobody comes', async () => {
    const folder = useFolder();
    const { leaving } = start('x.duckdb', folder, { attachTimeoutMs: 30 });
    expect(await leaving).toBe(0);
  });

  it('tells the first terminal why the database does not open, and leaves then', { tags: ['slow'] }, async () => {
    const folder = useFolder();
    const file = join(folder, 'x.duckdb');
    writeFileSync(file, 'no database, but long enough to be read as one'.repeat(1000));
    const { leaving } = start(file, folder);
    const location = socketLocation(file);
    await untilListening(location);
    const { client, socket } = await attachTerminal(location);
    const failure = await client.failure(openDatabase, null);
    expect(failure.code).toBe('unavailable');
    expect(failure.message).toContain('x.duckdb');
    socket.destroy();
    expect(await leaving).toBe(0);
  });

  it('makes room for one that has the file already', async () => {
    const folder = useFolder();
    const first = start('x.duckdb', folder);
    const location = socketLocation(join(folder, 'x.duckdb'));
    await untilListening(location);
    const { client } = await attachTerminal(location);
    const second = start('x.duckdb', folder);
    expect(await second.leaving).toBe(0);
    await second.server.close();
    expect((await client.request(openDatabase, null)).database).toBe(join(folder, 'x.duckdb'));
    await attachTerminal(location);
    await first.server.close();
  });

  it('says why when it can have no socket', async () => {
    const folder = useFolder();
    process.env['KODIAK_RUNTIME_DIR'] = join(folder, 'x'.repeat(100));
    const { leaving, log } = start('x.duckdb', folder);
    expect(await leaving).toBe(1);
    expect(log.join('\n')).toMatch(/path is too long/);
  });
});
