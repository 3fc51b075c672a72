import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../subcommands/subcommand.ts';

/** Folders that hold what others wrote. */
const SKIPPED = /^(?:\.|node_modules$)/;

/**
 * Files by the paths that were typed: a file as it is, of a folder all with one of the endings, in the order of their names. Links to folders
 * are not followed. Throws for a path that is not there, and a `UsageError` for a file of another kind.
 */
export function sqlFiles(paths: readonly string[], endings: readonly string[]): string[] {
  const isWanted = (name: string) => endings.some((ending) => name.toLowerCase().endsWith(ending));
  const found = new Set<string>();
  const walk = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED.test(entry.name)) walk(path);
      else if (!entry.isDirectory() && isWanted(entry.name) && statSync(path, { throwIfNoEntry: false })?.isFile()) found.add(path);
    }
  };
  for (const path of paths) {
    const status = statSync(path, { throwIfNoEntry: false });
    if (!status) throw new Error(`There is no file or folder ${path}.`);
    if (status.isDirectory()) walk(path);
    else if (isWanted(path)) found.add(path);
    else throw new UsageError(`${path} is none of ${endings.map((ending) => `*${ending}`).join(', ')}`);
  }
  return [...found];
}
