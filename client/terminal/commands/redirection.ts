import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { visible } from '../../text/displayText.ts';
import type { Pager } from '../pager.ts';
import { endOf } from '../redirect.ts';
import type { Shell } from '../shell.ts';
import { type CommandOutcome, type DotCommand, say, WrongUsage } from './dotCommand.ts';
import { wholeNumber } from './words.ts';

/** Commands about where output goes, and the pager. */
export const REDIRECTION: readonly DotCommand[] = [
  {
    name: 'output',
    usage: '[FILE | |COMMAND]',
    summary: 'send all output to a file or a program; alone: to the terminal again',
    explanation:
      'The file is emptied first, and the results follow one another in it. With | the output is the input of a command of the system. Messages and errors stay on the terminal.',
    example: ['.output report.txt', '.output |gzip > rows.gz', '.output'],
    takes: 'rest',
    touchesFiles: true,
    run: async (shell, [target]) => {
      await (target === undefined ? shell.redirect.back() : redirect(shell, target, false));
      return 'done';
    },
  },
  {
    name: 'once',
    usage: 'FILE | |COMMAND | -e | -x',
    summary: 'send the next output only to a file or a program',
    explanation:
      'For the next statement or command. -e opens the output as a text and -x as a CSV file in the program that the system has for it.',
    example: ['.once rows.csv', '.once |wc -l', '.once -x'],
    takes: 'rest',
    touchesFiles: true,
    run: async (shell, [target]) => {
      if (target === undefined) throw new WrongUsage();
      await (target === '-e' || target === '-x' ? open(shell, target === '-x') : redirect(shell, target, true));
      return 'done';
    },
  },
  {
    name: 'excel',
    usage: '',
    summary: 'open the next result in the system’s spreadsheet',
    explanation: 'The same as .once -x: the next result becomes a CSV file that the system opens.',
    example: ['.excel'],
    takes: [0, 0],
    touchesFiles: true,
    run: async (shell) => {
      await open(shell, true);
      return 'done';
    },
  },
  {
    name: 'last',
    usage: '',
    summary: 'show the last result again, all of it',
    explanation:
      'All rows and all columns in their full width, in the present mode, without running the statement again; through the pager where that does not fit on the screen.',
    example: ['.last'],
    takes: [0, 0],
    run: async (shell, _, signal) => ((await shell.showLast(signal)) ? 'done' : say(shell, 'There is no result yet.')),
  },
  {
    name: 'pager',
    usage: '[on|off|auto|COMMAND]',
    summary: 'scroll through what does not fit on the screen',
    explanation:
      'With auto, which is the default, results of 50 rows or more than a screenful go through the pager, but for boxes, which are cut to fit (.last shows all of one), and markdown, html and latex. The command is what KODIAK_PAGER, DUCKDB_PAGER or PAGER say, else less -SRFX where it is installed, else a simple one of our own. set_row_threshold and set_column_threshold with a number say from when on. Nothing is paged where the output is no terminal.',
    example: ['.pager', '.pager off', '.pager less -RS', '.pager set_row_threshold 200'],
    takes: 'rest',
    run: (shell, [text]) => setPager(shell, text),
  },
];

async function setPager(shell: Shell, text: string | undefined): Promise<CommandOutcome> {
  const { pager } = shell;
  const [word, count] = text?.split(/\s+/) ?? [];
  switch (word) {
    case undefined:
      return say(shell, pagerLine(pager));
    case 'on':
    case 'off':
      pager.mode = word;
      return 'done';
    case 'auto':
    case 'automatic':
      pager.mode = 'auto';
      return 'done';
    case 'set_row_threshold':
      pager.rowThreshold = wholeNumber(count);
      return 'done';
    case 'set_column_threshold':
      pager.columnThreshold = wholeNumber(count);
      return 'done';
    default:
      if (shell.safe) throw new WrongUsage('A pager of your own is refused in safe mode.');
      pager.command = unquoted(text ?? '');
      if (pager.mode === 'off') pager.mode = 'auto';
      return 'done';
  }
}

function pagerLine(pager: Pager): string {
  const name = pager.mode === 'auto' ? 'automatic' : pager.mode;
  const from = pager.rowThreshold === undefined ? '50 rows or a screenful' : `${pager.rowThreshold} rows`;
  return `Pager mode: ${name} (${visible(pager.program ?? 'built in')}${pager.mode === 'auto' ? `, from ${from}` : ''})`;
}

async function redirect(shell: Shell, target: string, once: boolean): Promise<void> {
  if (target.startsWith('|')) await shell.redirect.toCommand(target.slice(1).trim(), once);
  else await shell.redirect.toFile(resolve(shell.cwd, unquoted(target)), once);
}

/** The next output becomes a file that the system opens with its own program. */
async function open(shell: Shell, asSheet: boolean): Promise<void> {
  const file = join(mkdtempSync(join(tmpdir(), 'kodiak-')), asSheet ? 'result.csv' : 'result.txt');
  const { format } = shell;
  if (asSheet) shell.format = 'csv';
  await shell.redirect.toFile(file, true, async () => {
    shell.format = format;
    const child = spawn(...opener(file), { stdio: 'ignore', detached: true });
    const code = await endOf(child);
    if (code !== 0) throw new Error(`The system could not open ${file} (${code}).`);
  });
}

function opener(file: string): [string, string[]] {
  switch (process.platform) {
    case 'darwin':
      return ['open', [file]];
    case 'win32':
      return ['cmd', ['/c', 'start', '""', file]];
    default:
      return ['xdg-open', [file]];
  }
}

function unquoted(text: string): string {
  return /^(["']).*\1$/.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}
