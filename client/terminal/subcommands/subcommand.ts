import type { Output } from '../output.ts';
import type { GivenOptions } from './givenOptions.ts';

/** An option of a sub-command, from which its usage, its reading and its completions are made. */
export interface OptionSpec {
  /** Without the dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** What its value is called in the usage; an option without one is a switch. */
  readonly value?: string;
  /** The only values that it takes. */
  readonly choices?: readonly string[];
  readonly repeatable?: boolean;
  /** Its value is the path of a file. */
  readonly isPath?: boolean;
  readonly about: string;
}

export interface SubcommandContext {
  readonly output: Output;
  /** Progress and messages go here, so that the output can be read by programs. */
  readonly errors: Output;
  readonly environment: NodeJS.ProcessEnv;
}

/** A first word of the program that is neither a file nor an option. */
export interface Subcommand {
  readonly name: string;
  /** In a line of `kodiak help`. */
  readonly summary: string;
  /** As in the usage, such as `FILE…`; without it there are no words but options. */
  readonly words?: string;
  /** The only words that it takes. */
  readonly wordChoices?: readonly string[];
  /** Its words are paths of files. */
  readonly wordsArePaths?: boolean;
  readonly options: readonly OptionSpec[];
  /** Below the options in its usage. */
  readonly notes?: string;
  /** Gives the exit code. A `UsageError` is shown with a way to the usage. */
  run(given: GivenOptions, context: SubcommandContext): Promise<number>;
}

/** The command was not typed as it can be understood. */
export class UsageError extends Error {}
