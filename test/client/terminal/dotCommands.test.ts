import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { closestName } from '../../../client/terminal/closestName.ts';
import { COMMAND_GROUPS, runDotCommand, splitCommand } from '../../../client/terminal/dotCommands.ts';
import { Output } from '../../../client/terminal/output.ts';
import { Shell } from '../../../client/terminal/shell.ts';

function createShell(): { shell: Shell; output: PassThrough; errors: PassThrough } {
  const output = new PassThrough();
  const errors = new PassThrough();
  const options = { target: { kind: 'memory' }, cwd: process.cwd(), format: 'box' } as const;
  return { shell: new Shell({ ...options, output: new Output(output, {}), errors: new Output(errors, {}) }), output, errors };
}

async function run(line: string): Promise<{ outcome: string; output: string; errors: string; shell: Shell }> {
  const { shell, output, errors } = createShell();
  const outcome = await runDotCommand(shell, line, new AbortController().signal);
  return { outcome, output: String(output.read() ?? ''), errors: String(errors.read() ?? ''), shell };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

describe('dotCommands', () => {
  test.each([
    ['.tables', ['tables']],
    ['.tables ord*;', ['tables', 'ord*']],
    ['  .read "my file.sql"', ['read', 'my file.sql']],
    [".open 'a b.db' x", ['open', 'a b.db', 'x']],
  ])('splits %j', (line, words) => expect(splitCommand(line)).toEqual(words));

  test('lists every command in its help', async () => {
    const { outcome, output } = await run('.help');
    expect(outcome).toBe('done');
    for (const { title, commands } of COMMAND_GROUPS) {
      expect(output).toContain(`${title}\n`);
      for (const { name, summary } of commands) expect(output).toMatch(new RegExp(`  \\.${name}\\b.*\\s+${escaped(summary)}\n`));
    }
  });

  test.each(COMMAND_GROUPS.flatMap(({ commands }) => commands))('explains .$name with an example', async (command) => {
    const { output } = await run(`.help ${command.name}`);
    expect(output).toContain(`.${command.name} ${command.usage}`.trimEnd());
    expect(output.replace(/\s+/g, ' ')).toContain(command.explanation);
    expect(command.explanation).toMatch(/^[A-Z].*\.$/);
    expect(command.summary).toMatch(/^[^A-Z].*[^.]$/);
    expect(command.example.length).toBeGreaterThan(0);
    for (const line of command.example) expect(splitCommand(line)[0]).toBe(command.name);
    expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test('has each name once, and explains by every name', async () => {
    const names = COMMAND_GROUPS.flatMap(({ commands }) => commands.flatMap(({ name, aliases }) => [name, ...(aliases ?? [])]));
    expect(names).toEqual([...new Set(names)]);
    expect((await run('.help quit')).output).toContain('.exit [CODE]  leave');
    expect((await run('.help .exit')).output).toContain('.exit [CODE]  leave');
    expect((await run('.help exti')).errors).toContain('did you mean .exit?');
  });

  test('offers the command that was meant', async () => {
    expect((await run('.tabels')).errors).toBe('Unknown command .tabels; did you mean .tables?\n');
    expect((await run('.xyzzy')).errors).toBe('Unknown command .xyzzy; .help lists them.\n');
    expect((await run('.constructor')).outcome).toBe('failed');
  });

  test('says how a command is used', async () => {
    expect((await run('.timer maybe')).errors).toBe('Usage: .timer on|off\n');
    expect((await run('.mode xml')).errors).toBe('There is no mode xml; .help mode lists them.\n');
    expect((await run('.exit now')).errors).toBe('Usage: .exit [CODE]\n');
  });

  test('switches mode and timer', async () => {
    expect((await run('.mode csv')).shell.format).toBe('csv');
    expect((await run('.timer off')).shell.settings.timer).toBe(false);
  });

  test('leaves', async () => {
    expect((await run('.exit')).outcome).toBe('exit');
    expect((await run('.quit')).outcome).toBe('exit');
  });

  test('finds near names only', () => {
    expect(closestName('cahce', ['cache', 'schema'])).toBe('cache');
    expect(closestName('conn', ['cache', 'connections'])).toBe('connections');
    expect(closestName('zzz', ['cache'])).toBeUndefined();
  });
});
