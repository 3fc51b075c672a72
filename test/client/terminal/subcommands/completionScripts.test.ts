import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { completionScript } from '../../../../client/terminal/subcommands/completionScripts.ts';
import { SUBCOMMANDS } from '../../../../client/terminal/subcommands/subcommands.ts';

/** What bash would offer behind words of which the last is not finished. */
function offered(script: string, ...words: readonly string[]): string[] {
  const ask = `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _kodiak; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', ask, 'bash', 'kodiak', ...words], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
}

describe('completion scripts', () => {
  const bash = completionScript('bash', SUBCOMMANDS);

  test('complete in bash', () => {
    const registered = execFileSync('bash', ['-c', `${bash}\ncomplete -p kodiak`], { encoding: 'utf8' });
    expect(registered).toBe('complete -o bashdefault -o default -F _kodiak kodiak\n');
    expect(offered(bash, '')).toEqual(SUBCOMMANDS.map(({ name }) => name));
    expect(offered(bash, 'ru')).toEqual(['run']);
    expect(offered(bash, '--re')).toEqual(['--readonly']);
    expect(offered(bash, '--format', 'mark')).toEqual(['markdown']);
    expect(offered(bash, 'run', '--o')).toEqual(['--only', '--order', '--output', '--out']);
    expect(offered(bash, 'run', 'n.sql', '-o', 'j')).toEqual(['jsonl', 'junit']);
    expect(offered(bash, 'run', '--save', '')).toEqual([]);
    expect(offered(bash, 'run', '')).toEqual([]);
    expect(offered(bash, 'check', '--format', 's')).toEqual(['sarif']);
    expect(offered(bash, 'completions', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(offered(bash, 'help', 'l')).toEqual(['lsp']);
  });

  test('know every option of every sub-command', () => {
    for (const shell of ['bash', 'zsh', 'fish'] as const) {
      const script = completionScript(shell, SUBCOMMANDS);
      for (const { name, options } of SUBCOMMANDS) {
        expect(script).toContain(name);
        for (const option of options) expect(script).toMatch(shell === 'fish' ? `-l ${option.name}` : `--${option.name}`);
      }
    }
  });
});
