import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SearchFolders } from '../../engine/cache/filePatterns.ts';
import { temporaryFolder } from './temporaryFolder.ts';

/** A folder with `working`, `one` and `two`, of which the last two are searched, and files as given. */
export function place(...files: string[]): { root: string; folders: SearchFolders; write(path: string): void } {
  const root = temporaryFolder();
  const write = (path: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), 'a\n1\n');
  };
  for (const folder of ['working', 'one', 'two', 'home']) mkdirSync(join(root, folder));
  for (const file of files) write(file);
  return {
    root,
    folders: { working: join(root, 'working'), search: [join(root, 'one'), join(root, 'two')], home: join(root, 'home') },
    write,
  };
}
