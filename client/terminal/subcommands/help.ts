import { USAGE } from '../arguments.ts';
import { EXIT } from './exitCode.ts';
import { type Subcommand, UsageError } from './subcommand.ts';
import { summaryLines, usageText } from './usageText.ts';

/** `kodiak help`, and `kodiak help NAME` for what a sub-command does. */
export function helpOf(subcommands: readonly Subcommand[]): Subcommand {
  return {
    name: 'help',
    summary: 'show how to use this program, or one of its sub-commands',
    words: '[NAME]',
    wordChoices: subcommands.map(({ name }) => name),
    options: [],
    async run({ words }, { output }) {
      if (words.length > 1) throw new UsageError('it takes one name');
      const asked = subcommands.find(({ name }) => name === words[0]);
      await output.write(asked ? usageText(asked) : programUsage(subcommands));
      return EXIT.ok;
    },
  };
}

/** What `kodiak --help` shows. */
export function programUsage(subcommands: readonly Subcommand[]): string {
  const lines = summaryLines(subcommands).join('\n');
  return `${USAGE}\nSub-commands (kodiak help NAME shows more; ./NAME is a file of that name):\n\n${lines}\n`;
}
