import type { Shell } from '../shell.ts';

/** `exit` ends the program, `failed` has written a message. */
export type CommandOutcome = 'done' | 'failed' | 'cancelled' | 'exit';

/** A line of the prompt that begins with a dot. */
export interface DotCommand {
  readonly name: string;
  /** Other names for it; `.help` shows only `name`. */
  readonly aliases?: readonly string[];
  /** What stands behind the name; empty where nothing does. */
  readonly usage: string;
  /** What the first word may be, for completion, where the usage does not list it. */
  readonly values?: readonly string[];
  /** One line for the list of `.help`; begins in lower case, ends without a full stop. */
  readonly summary: string;
  /** For `.help NAME`: whole sentences, wrapped when shown. */
  readonly explanation: string;
  /** Lines below the explanation, as they are. */
  readonly table?: readonly string[];
  /** What somebody might type, a line each. */
  readonly example: readonly string[];
  /** How few and how many words it takes. `rest`: all behind the name is one word, as typed; none if that is empty. */
  readonly takes: readonly [number, number] | 'rest';
  /** It reads or writes files or starts programs: safe mode refuses it. */
  readonly touchesFiles?: true;
  /** May throw what `Shell.report` can show, and `WrongUsage`. */
  readonly run: (shell: Shell, args: readonly string[], signal: AbortSignal) => Promise<CommandOutcome>;
}

/** Commands that `.help` lists together. */
export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly DotCommand[];
}

/** The words do not fit the command: its usage is shown, or the message where there is one. */
export class WrongUsage extends Error {}

/** Writes lines to where results go. */
export async function say(shell: Shell, ...lines: readonly string[]): Promise<'done'> {
  await shell.output.writeLines(lines);
  return 'done';
}
