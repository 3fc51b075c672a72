import { completionScript, SHELLS, type Shell } from './completionScripts.ts';
import { EXIT } from './exitCode.ts';
import { type Subcommand, UsageError } from './subcommand.ts';

/** Scripts for shells, made from what the sub-commands take. */
export function completionsOf(others: readonly Subcommand[]): Subcommand {
  const own: Subcommand = {
    name: 'completions',
    summary: 'print a script that completes kodiak in a shell',
    words: SHELLS.join('|'),
    wordChoices: SHELLS,
    options: [],
    notes: `bash: eval "$(kodiak completions bash)" in ~/.bashrc
zsh:  kodiak completions zsh > ~/.zfunc/_kodiak, with that folder in fpath before compinit
fish: kodiak completions fish > ~/.config/fish/completions/kodiak.fish`,
    async run({ words }, { output }) {
      if (words.length !== 1) throw new UsageError(`it takes the name of one shell, ${SHELLS.join(', ')}`);
      await output.write(completionScript(words[0] as Shell, [...others, own]));
      return EXIT.ok;
    },
  };
  return own;
}
