import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Ended, isProgramBuilt, KodiakProgram } from '../../../support/kodiakProgram.ts';

async function kodiak(program: KodiakProgram, database: string, lines: readonly string[]): Promise<Ended> {
  return await program.run([database, '--format', 'csv'], lines.map((line) => `${line}\n`).join(''));
}

describe.runIf(isProgramBuilt)('copies of the database', () => {
  test('.backup writes one, .restore puts it back, and neither takes the place of something unasked', async () => {
    const program = new KodiakProgram();
    const { folder } = program;
    writeFileSync(join(folder, 'mine.duckdb'), 'mine');
    const first = await kodiak(program, 'live.duckdb', [
      'create table t as from range(3);',
      '.backup copy.duckdb',
      'delete from t;',
      '.restore copy.duckdb',
      'select count(*) as n from t;',
      '.backup mine.duckdb',
    ]);
    expect(first.output).toMatch(/^1 table with 3 rows, .* compared with the database: .*copy\.duckdb$/m);
    expect(first.output).toContain(
      `1 table with 3 rows restored. What was there before is in ${join(folder, 'live.duckdb.before-restore')}.`,
    );
    expect(first.output).toMatch(/^n\r?\n3\r?$/m);
    expect(first.errors).toContain('mine.duckdb exists already. Name another file, or add --force to replace it.');
    const memory = await kodiak(program, ':memory:', [
      '.restore copy.duckdb --force',
      'select count(*) as n from t;',
      '.restore copy.duckdb',
    ]);
    expect(memory.output).toMatch(/restored\.\nn\r?\n3\r?$/m);
    expect(memory.errors).toContain('add --force to replace it');
  });

  test('.export writes a folder that .import reads, also when it was moved; half of one is not kept', async () => {
    const program = new KodiakProgram();
    const { folder } = program;
    const exported = await kodiak(program, ':memory:', [
      'create table parent(id integer primary key); create table a_child(id integer references parent(id)); create view v as from a_child;',
      "create type mood as enum ('it''s', 'ok'); create macro plus(x, y := 1) as x + y; create view z as select 'it''s'::mood as m; create view b as select plus(1) as two, m from z;",
      'insert into parent values (1), (2); insert into a_child values (1);',
      '.export all',
      '.export as-csv csv',
      '.export all',
    ]);
    expect(exported.output).toContain(`2 tables with 3 rows in ${join(folder, 'all')}`);
    expect(exported.errors).toContain('exists already');
    renameSync(join(folder, 'all'), join(folder, 'moved'));
    for (const name of ['moved', 'as-csv']) {
      const imported = await kodiak(program, ':memory:', [`.import ${name}`, 'select count(*) as n from v;', 'from b;']);
      expect([imported.output, imported.errors], name).toEqual([
        expect.stringMatching(/2 tables with 3 rows from .*\nn\r?\n1\r?\ntwo,m\r?\n2,it's\r?\n/),
        '',
      ]);
    }
    const refused = await kodiak(program, ':memory:', ['create table v as select 1;', '.import moved']);
    expect(refused.errors).toMatch(/error/i);
    const failed = await kodiak(program, ':memory:', ['create table t as select 1;', 'begin;', '.export another']);
    expect(failed.errors).toMatch(/transaction/i);
    expect(readdirSync(folder)).not.toContain('another');
    const none = await kodiak(program, ':memory:', ['.import .']);
    expect(none.errors).toContain('has no schema.sql and load.sql');
  });
});
