import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { attach } from '../../client/terminal/serverConnection.ts';
import { readAttached } from '../../server/protocol/attached.ts';
import { removeDeadSockets } from '../../server/protocol/deadSockets.ts';
import { readSocket } from '../../server/protocol/requests.ts';
import { startEditor } from '../support/languageClient.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

/** `setpriv` becomes another user, which only root may. */
const canBeNobody = process.getuid?.() === 0 && spawnSync('setpriv', ['--reuid=65534', '--clear-groups', 'true']).status === 0;

async function startServer() {
  const { client } = await startEditor({ settings: { database: join(temporaryFolder(), 'x.duckdb') } });
  return await client.request(readSocket, null);
}

/** What another user of the machine gets who knows where everything is. */
function asNobody(code: string): string {
  const { stdout } = spawnSync('setpriv', ['--reuid=65534', '--clear-groups', process.execPath, '-e', code], {
    encoding: 'utf8',
    cwd: '/',
  });
  return stdout.trim();
}

describe.runIf(canBeNobody)('another user of the machine', () => {
  it('cannot read the token, reach the socket or see that there is one', { tags: ['slow'] }, async () => {
    const { socketFile, tokenFile } = await startServer();
    expect(
      asNobody(`try { require('fs').readFileSync(${JSON.stringify(tokenFile)}); console.log('read') } catch (e) { console.log(e.code) }`),
    ).toBe('EACCES');
    expect(
      asNobody(
        `require('net').connect(${JSON.stringify(socketFile)}).on('connect', () => { console.log('in'); process.exit() }).on('error', (e) => console.log(e.code))`,
      ),
    ).toBe('EACCES');
    expect(
      asNobody(
        `try { require('fs').readdirSync(${JSON.stringify(join(socketFile, '..'))}); console.log('seen') } catch (e) { console.log(e.code) }`,
      ),
    ).toBe('EACCES');
  });

  it('that opens the folder still needs the token, which stays private', async () => {
    const { socketFile, tokenFile } = await startServer();
    const folder = join(socketFile, '..');
    chmodSync(folder, 0o755);
    onTestFinished(() => chmodSync(folder, 0o700));
    expect(
      asNobody(`try { require('fs').readFileSync(${JSON.stringify(tokenFile)}); console.log('read') } catch (e) { console.log(e.code) }`),
    ).toBe('EACCES');
    expect(
      asNobody(
        `require('net').connect(${JSON.stringify(socketFile)}).on('connect', () => { console.log('in'); process.exit() }).on('error', (e) => console.log(e.code))`,
      ),
    ).toBe('EACCES');
  });
});

describe('what lies in the place of a socket', () => {
  it('is told a token only if it is a socket of our own', async () => {
    const { socketFile, tokenFile } = await startServer();
    const told: string[] = [];
    const folder = temporaryFolder();
    const elsewhere = join(folder, 'elsewhere.sock');
    const spy = createServer((socket) => socket.on('data', (data) => void told.push(String(data)))).listen(elsewhere);
    onTestFinished(() => void spy.close());
    const link = join(folder, 'link.sock');
    symlinkSync(elsewhere, link);
    expect(await attach({ socketFile: link, tokenFile })).toBeUndefined();
    writeFileSync(join(folder, 'file.sock'), '');
    expect(await attach({ socketFile: join(folder, 'file.sock'), tokenFile })).toBeUndefined();
    expect(told).toEqual([]);
    expect(existsSync(socketFile)).toBe(true);
  });

  it('is refused with a token that others can read, that is a link, or that is another server’s', async () => {
    const { socketFile, tokenFile } = await startServer();
    const copy = join(temporaryFolder(), 'copy.token');
    writeFileSync(copy, readFileSync(tokenFile), { mode: 0o644 });
    await expect(attach({ socketFile, tokenFile: copy })).rejects.toThrow(/nobody else can read/);
    unlinkSync(copy);
    symlinkSync(tokenFile, copy);
    await expect(attach({ socketFile, tokenFile: copy })).rejects.toThrow(/nobody else can read/);
    rmSync(copy);
    writeFileSync(copy, '0'.repeat(64), { mode: 0o600 });
    await expect(attach({ socketFile, tokenFile: copy })).rejects.toThrow(
      /refused the token in .*copy\.token: its token is not the one of this server/,
    );
    const connection = await attach({ socketFile, tokenFile }, 'terminal');
    onTestFinished(() => connection?.close());
    expect((await connection?.request(readAttached, null))?.clients).toContainEqual(
      expect.objectContaining({ kind: 'terminal', pid: process.pid }),
    );
  });

  it('is removed when it is surely dead, with its token and logs, and nothing else is', async () => {
    const { socketFile, tokenFile } = await startServer();
    const folder = join(socketFile, '..');
    const names = ['dead.sock', 'dead.token', 'start-999999998-1.log', `start-${process.pid}-1.log`, 'alone.token', 'other.txt'];
    for (const name of names) writeFileSync(join(folder, name), '');
    symlinkSync('/nowhere', join(folder, 'link.sock'));
    expect((await removeDeadSockets(folder)).sort()).toEqual(['dead.sock', 'dead.token', 'link.sock', 'start-999999998-1.log']);
    expect([socketFile, tokenFile, join(folder, 'alone.token'), join(folder, 'other.txt')].every((file) => existsSync(file))).toBe(true);
  });
});
