import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  folderOf,
  listedLocations,
  locationOf,
  MAX_SOCKET_PATH_BYTES,
  realDatabasePath,
  type SocketSystem,
} from '../../../server/protocol/socketLocation.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const LINUX: SocketSystem = { platform: 'linux', environment: { XDG_RUNTIME_DIR: '/run/user/1000' }, temporary: '/tmp', user: '1000' };
const MACOS: SocketSystem = {
  platform: 'darwin',
  environment: {},
  temporary: '/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T',
  user: '501',
};
const WINDOWS: SocketSystem = {
  platform: 'win32',
  environment: {},
  temporary: 'C:\\Users\\Ann Lee\\AppData\\Local\\Temp',
  user: 'Ann_Lee',
};

describe('the folder of sockets', () => {
  it.each([
    ['Linux', LINUX, '/run/user/1000/kodiak'],
    ['Linux without a session', { ...LINUX, environment: {} }, '/tmp/kodiak-1000'],
    ['macOS', MACOS, '/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T/kodiak-501'],
    ['Windows', WINDOWS, 'C:\\Users\\Ann Lee\\AppData\\Local\\Temp\\kodiak-Ann_Lee'],
    ['a chosen one', { ...MACOS, environment: { KODIAK_RUNTIME_DIR: '/chosen' } }, '/chosen'],
    ['a session folder that is too long', { ...LINUX, environment: { XDG_RUNTIME_DIR: `/${'x'.repeat(80)}` } }, '/tmp/kodiak-1000'],
    ['a temporary folder that is too long', { ...MACOS, temporary: `/${'ü'.repeat(40)}` }, '/tmp/kodiak-501'],
  ])('%s', (_name, system, folder) => {
    expect(folderOf(system)).toBe(folder);
    const { socketFile } = locationOf('/data/sales.duckdb', system);
    if (system.platform !== 'win32') expect(Buffer.byteLength(socketFile)).toBeLessThanOrEqual(MAX_SOCKET_PATH_BYTES);
  });
});

describe('the place of a socket', () => {
  it('is the same for the same database and user, and another for others', () => {
    const place = locationOf('/data/sales.duckdb', LINUX);
    expect(locationOf('/data/sales.duckdb', LINUX)).toEqual(place);
    expect(locationOf('/data/other.duckdb', LINUX).socketFile).not.toBe(place.socketFile);
    expect(place.socketFile).toMatch(/^\/run\/user\/1000\/kodiak\/[0-9a-f]{24}\.sock$/);
    expect(place.tokenFile).toBe(place.socketFile.replace('.sock', '.token'));
  });

  it('is a pipe with the user in its name on Windows, and its token a file', () => {
    const { socketFile, tokenFile } = locationOf('C:\\data\\sales.duckdb', WINDOWS);
    expect(socketFile).toMatch(/^\\\\\.\\pipe\\kodiak-Ann_Lee-[0-9a-f]{24}$/);
    expect(tokenFile).toMatch(/^C:\\Users\\Ann Lee\\.*\\kodiak-Ann_Lee\\[0-9a-f]{24}\.token$/);
  });

  it('is found again from the names of tokens', () => {
    for (const system of [LINUX, MACOS, WINDOWS]) {
      const place = locationOf('some database', system);
      const name = place.tokenFile.split(/[\\/]/).at(-1) ?? '';
      const names = ['start-1-2.log', `${name}.4711`, name, 'x.token', name.replace('.token', '.sock')];
      expect(listedLocations(place.folder, names, system)).toEqual([place]);
    }
  });
});

describe('the path of a database', () => {
  it('leads through links, as /tmp is one on macOS, also to a file that is not there yet', () => {
    const folder = realpathSync(temporaryFolder());
    mkdirSync(join(folder, 'private'));
    symlinkSync(join(folder, 'private'), join(folder, 'tmp'));
    writeFileSync(join(folder, 'private', 'x.duckdb'), '');
    for (const name of ['x.duckdb', 'new.duckdb']) expect(realDatabasePath(join(folder, 'tmp', name))).toBe(join(folder, 'private', name));
  });
});
