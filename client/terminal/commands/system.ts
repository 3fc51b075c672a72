import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { visible } from '../../text/displayText.ts';
import { endOf } from '../redirect.ts';
import { SAFE_MODE_TEXT } from '../safeMode.ts';
import { type DotCommand, say, WrongUsage } from './dotCommand.ts';

/** Commands about the machine: its folders, its programs, and whether they may be touched. */
export const SYSTEM: readonly DotCommand[] = [
  {
    name: 'cd',
    usage: '[FOLDER]',
    summary: 'change the folder in which relative paths start',
    explanation:
      'For SQL and for commands; without a folder it tells the present one. The session begins anew there: temporary tables, variables, settings and an open transaction end.',
    example: ['.cd data', '.cd'],
    takes: [0, 1],
    touchesFiles: true,
    run: async (shell, [typed]) => {
      if (typed === undefined) return say(shell, visible(shell.cwd));
      const folder = resolve(shell.cwd, typed.replace(/^~(?=$|[\\/])/, homedir()));
      if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`There is no folder ${folder}.`);
      await shell.changeFolder(folder);
      return 'done';
    },
  },
  {
    name: 'shell',
    aliases: ['system', 'sh'],
    usage: 'COMMAND',
    summary: 'run a command of the system',
    explanation: 'The command has the terminal until it ends. It fails as the command does.',
    example: ['.shell ls -l', '.shell date'],
    takes: 'rest',
    touchesFiles: true,
    run: async (shell, [command]) => {
      if (command === undefined) throw new WrongUsage();
      const code = await shell.lendTerminal(() => endOf(spawn(command, { shell: true, stdio: 'inherit', cwd: shell.cwd })));
      if (code !== 0) throw new Error(`The command ended with ${code}.`);
      return 'done';
    },
  },
  {
    name: 'safe_mode',
    usage: '',
    summary: 'refuse what reads or writes files or runs programs',
    explanation: SAFE_MODE_TEXT,
    example: ['.safe_mode'],
    takes: [0, 0],
    run: async (shell) => {
      shell.safe = true;
      return 'done';
    },
  },
];
