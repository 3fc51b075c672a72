import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { preparePrivateFolder } from '../../server/runtimeFolder.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

describe.runIf(process.platform !== 'win32')('preparePrivateFolder', () => {
  it('makes one that only the user can look into', () => {
    const folder = join(temporaryFolder(), 'a', 'kodiak');
    preparePrivateFolder(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    preparePrivateFolder(folder);
  });

  it('refuses one that is open to others, and says how to close it', () => {
    const folder = join(temporaryFolder(), 'kodiak');
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    expect(() => preparePrivateFolder(folder)).toThrow(
      expect.objectContaining({ code: 'unavailable', message: expect.stringContaining('chmod 700') }),
    );
  });

  it('refuses a link that somebody laid there', () => {
    const parent = temporaryFolder();
    mkdirSync(join(parent, 'elsewhere'), { mode: 0o700 });
    symlinkSync(join(parent, 'elsewhere'), join(parent, 'kodiak'));
    expect(() => preparePrivateFolder(join(parent, 'kodiak'))).toThrow(/is not a folder/);
  });

  it('refuses a file in its place', () => {
    const file = join(temporaryFolder(), 'kodiak');
    writeFileSync(file, '');
    expect(() => preparePrivateFolder(file)).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });
});
