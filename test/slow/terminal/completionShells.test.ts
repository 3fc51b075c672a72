import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { completionScript } from '../../../client/terminal/subcommands/completionScripts.ts';
import { SUBCOMMANDS } from '../../../client/terminal/subcommands/subcommands.ts';

/** What a shell prints when it carries out a script, in the environment of nobody. */
function read(shell: string, args: readonly string[], script: string): string {
  return execFileSync(shell, [...args, '-c', script], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', TERM: 'dumb' },
  });
}

test('zsh takes the completion script, and registers it', () => {
  const script = completionScript('zsh', SUBCOMMANDS);
  read('zsh', ['-f', '-n'], script);
  expect(read('zsh', ['-f'], `autoload -Uz compinit && compinit -D -u 2>/dev/null\n${script}\nprint -r -- $_comps[kodiak]`)).toMatch(
    /kodiak/,
  );
});

test('fish takes the completion script, and offers what begins like a word', () => {
  const script = completionScript('fish', SUBCOMMANDS);
  const offered = (line: string) =>
    read('fish', ['--no-config'], `${script}\ncomplete -C ${JSON.stringify(line)}`)
      .split('\n')
      .map((entry) => entry.split('\t')[0]);
  expect(offered('kodiak ru')).toContain('run');
  expect(offered('kodiak run --fail')).toContain('--fail-on-stale');
  expect(offered('kodiak completions fi')).toContain('fish');
});
