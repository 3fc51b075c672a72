import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const PROGRAM = resolve('dist/client/terminal/main.js');

async function kodiak(folder: string, lines: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<{ output: string; errors: string }> {
  const env = { ...process.env, KODIAK_RUNTIME_DIR: folder, KODIAK_STATE_DIR: join(folder, 'state'), NO_COLOR: '1', ...more };
  const child = spawn(process.execPath, [PROGRAM], { cwd: folder, env, stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { output, errors };
}

describe.runIf(existsSync(PROGRAM))('.history', () => {
  test('lists what was run, newest last, finds words, and runs one again; what failed in another program is there, too', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'load.sql'), 'create table t as from range(3);');
    await kodiak(folder, ['selec \u001b[31m1;']);
    const { output, errors } = await kodiak(folder, ['.read load.sql', "attach 'x.db' as x (type sqlite, encryption_key 'hunter2');"]);
    expect([output, errors].join('\n')).toMatch(/error/i);
    const again = await kodiak(folder, ['.history', '.history create t', '.history failed', '.history run 2', '.history run 1']);
    const lines = again.output.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^3 {2}\d\d:\d\d:\d\d +[\d.]+ m?s +failed {2}terminal +selec .*1$/);
    expect(lines[1]).toMatch(/^2 .* done {2}terminal load\.sql {2}create table t as from range\(3\)$/);
    expect(lines[2]).toMatch(/^1 .* failed {2}terminal +attach 'x\.db' as x \(type sqlite, encryption_key '\*\*\*'\)$/);
    expect(lines[3]).toMatch(/^1 .* create table t as from range\(3\)$/);
    expect(lines.slice(4, 6).map((line) => line.slice(0, 1))).toEqual(['2', '1']);
    expect(again.output).not.toContain('\u001b');
    expect(again.errors).toMatch(/selec .*1\n.*error.*syntax error/s);
  });

  test('says that it is off, and refuses what it has only a part of', async () => {
    const folder = temporaryFolder();
    const off = await kodiak(folder, ['select 1;', '.history'], { KODIAK_STATEMENT_HISTORY: 'off' });
    expect(off.errors).toContain('The history is off');
    expect(existsSync(join(folder, 'state'))).toBe(false);
    const refused = await kodiak(folder, ["set variable password = 'hunter2';", '.history run 1']);
    expect(refused.errors).toContain("does not have the secrets of this statement; '***' stands in their places. It cannot be run again.");
    const missing = await kodiak(folder, ['.history run 7']);
    expect(missing.errors).toContain('There is no number 7');
  });
});
