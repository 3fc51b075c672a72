import { visible } from '../text/displayText.ts';
import { CATALOG } from './commands/catalog.ts';
import { type CommandGroup, type CommandOutcome, type DotCommand, WrongUsage } from './commands/dotCommand.ts';
import { FILES } from './commands/files.ts';
import { findCommand, helpCommand, unknownCommandText } from './commands/help.ts';
import { HISTORY } from './commands/history.ts';
import { MONITORING } from './commands/monitoring.ts';
import { OUTPUT } from './commands/output.ts';
import { SESSION } from './commands/session.ts';
import type { Shell } from './shell.ts';

/** All dot commands, in the order of `.help`; a group is a file in `commands`. */
export const COMMAND_GROUPS: readonly CommandGroup[] = [
  { ...SESSION, commands: [helpCommand(() => COMMAND_GROUPS), ...SESSION.commands] },
  OUTPUT,
  CATALOG,
  FILES,
  MONITORING,
  HISTORY,
];

/** Carries out a line that begins with a dot. Errors are written, not thrown. */
export async function runDotCommand(shell: Shell, line: string, signal: AbortSignal): Promise<CommandOutcome> {
  const [typed = ''] = splitCommand(line);
  const command = findCommand(COMMAND_GROUPS, typed);
  if (!command) {
    await shell.errors.writeLines([visible(unknownCommandText(COMMAND_GROUPS, typed))]);
    return 'failed';
  }
  if (shell.safe && command.touchesFiles) {
    await shell.errors.writeLines([`.${command.name} is refused in safe mode: nothing may read or write files, or run programs.`]);
    return 'failed';
  }
  try {
    const outcome = await command.run(shell, wordsFor(command, line), signal);
    await shell.redirect.ended();
    return outcome;
  } catch (error) {
    if (error instanceof WrongUsage) await shell.errors.writeLines([visible(error.message) || usageText(command)]);
    else await shell.report(error);
    return 'failed';
  }
}

/** The words of a command, the first one without its dot; quotes hold a word together. A semicolon at the end is habit. */
export function splitCommand(line: string): string[] {
  const words = line
    .trim()
    .replace(/^\./, '')
    .replace(/\s*;$/, '')
    .match(/"[^"]*"|'[^']*'|\S+/g);
  return (words ?? []).map((word) => (/^(["']).*\1$/.test(word) && word.length > 1 ? word.slice(1, -1) : word));
}

function wordsFor(command: DotCommand, line: string): string[] {
  if (command.takes === 'rest') {
    const rest = line.trim().replace(/^\S+\s*/, '');
    return rest === '' ? [] : [rest];
  }
  const [, ...words] = splitCommand(line);
  const [least, most] = command.takes;
  if (words.length < least || words.length > most) throw new WrongUsage();
  return words;
}

function usageText({ name, usage }: DotCommand): string {
  return `Usage: .${name} ${usage}`.trimEnd();
}
