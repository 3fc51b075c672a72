import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { backupDatabase, restoreDatabase } from '../../../server/protocol/backup.ts';
import { formatBytes, formatCounted, formatRows } from '../../monitor/statsText.ts';
import { visible } from '../../text/displayText.ts';
import { longWork } from '../longWork.ts';
import { RequestFailed } from '../serverConnection.ts';
import type { Shell } from '../shell.ts';
import { type CommandOutcome, type DotCommand, say, WrongUsage } from './dotCommand.ts';

const FORCE = '--force';

export const BACKUP: readonly DotCommand[] = [
  {
    name: 'backup',
    aliases: ['save'],
    usage: 'FILE [--force]',
    summary: 'write a copy of the database, while it is in use',
    explanation:
      'Copies all tables, views, macros, types, sequences, indexes and comments as they are at one moment; others go on meanwhile. The copy is read again and compared before it gets its name. A file that is there is replaced only with --force.',
    example: ['.backup sales-monday.duckdb', '.backup copy.duckdb --force'],
    takes: [1, 2],
    touchesFiles: true,
    run: (shell, words, signal) =>
      cancellable(async () => {
        const { path, force } = readWords(shell, words);
        if (existsSync(path) && !force) throw new Error(`${path} exists already. Name another file, or add ${FORCE} to replace it.`);
        const { tables, rows, bytes } = await longWork(shell, backupDatabase, { path, overwrite: force }, signal);
        return say(
          shell,
          `${formatCounted(tables, 'table')} with ${formatRows(rows)}, ${formatBytes(bytes)}, compared with the database: ${visible(path)}`,
        );
      }),
  },
  {
    name: 'restore',
    usage: 'FILE [--force]',
    summary: 'replace all contents of the database by those of a copy',
    explanation:
      'Reads the copy to its end, keeps what is there now in a file NAME.before-restore beside the database, and then replaces all contents: all, or nothing. A transaction that is open anywhere must end first. What is in memory has no such file: there it takes --force.',
    example: ['.restore sales-monday.duckdb'],
    takes: [1, 2],
    touchesFiles: true,
    run: (shell, words, signal) =>
      cancellable(async () => {
        const { path, force } = readWords(shell, words);
        if (!existsSync(path) || !statSync(path).isFile()) throw new Error(`There is no file ${path}.`);
        if (!force && shell.link.info?.database === ':memory:') {
          throw new Error(`What is in memory now would be lost. .backup keeps it; add ${FORCE} to replace it.`);
        }
        const { tables, rows, before } = await longWork(shell, restoreDatabase, { path }, signal);
        const kept = before === undefined ? '' : ` What was there before is in ${visible(before)}.`;
        return say(shell, `${formatCounted(tables, 'table')} with ${formatRows(rows)} restored.${kept}`);
      }),
  },
];

function readWords(shell: Shell, words: readonly string[]): { readonly path: string; readonly force: boolean } {
  const [file, more] = words.filter((word) => word !== FORCE);
  if (file === undefined || more !== undefined || file.startsWith('--')) throw new WrongUsage();
  return { path: resolve(shell.cwd, file), force: words.includes(FORCE) };
}

async function cancellable(run: () => Promise<CommandOutcome>): Promise<CommandOutcome> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof RequestFailed && error.failure.code === 'cancelled') return 'cancelled';
    throw error;
  }
}
