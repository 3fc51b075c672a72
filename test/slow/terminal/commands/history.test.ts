import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Ended, isProgramBuilt, KodiakProgram } from '../../../support/kodiakProgram.ts';

async function kodiak(program: KodiakProgram, lines: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const environment = { KODIAK_STATE_DIR: join(program.folder, 'state'), ...more };
  return await program.run([], lines.map((line) => `${line}\n`).join(''), environment);
}

describe.runIf(isProgramBuilt)('.history', () => {
  test('lists what was run, newest last, finds words, and runs one again; what failed in another program is there, too', async () => {
    const program = new KodiakProgram();
    const { folder } = program;
    writeFileSync(join(folder, 'load.sql'), 'create table t as from range(3);');
    await kodiak(program, ['selec \u001b[31m1;']);
    const { output, errors } = await kodiak(program, ['.read load.sql', "attach 'x.db' as x (type sqlite, encryption_key 'hunter2');"]);
    expect([output, errors].join('\n')).toMatch(/error/i);
    const again = await kodiak(program, ['.history', '.history create t', '.history failed', '.history run 2', '.history run 1']);
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
    const program = new KodiakProgram();
    const { folder } = program;
    const off = await kodiak(program, ['select 1;', '.history'], { KODIAK_STATEMENT_HISTORY: 'off' });
    expect(off.errors).toContain('The history is off');
    expect(existsSync(join(folder, 'state'))).toBe(false);
    const refused = await kodiak(program, ["set variable password = 'hunter2';", '.history run 1']);
    expect(refused.errors).toContain("does not have the secrets of this statement; '***' stands in their places. It cannot be run again.");
    const missing = await kodiak(program, ['.history run 7']);
    expect(missing.errors).toContain('There is no number 7');
  });
});
