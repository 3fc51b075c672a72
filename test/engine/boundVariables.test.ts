import { describe, expect, it } from 'vitest';
import type { Session, TypedValue } from '../../engine/types.ts';
import { withSession } from '../support/engines.ts';

async function rows(session: Session, sql: string, values?: Readonly<Record<string, TypedValue>>) {
  const results = await session.runAll(sql, undefined, values ? { values } : {});
  const all = await results.at(-1)?.page(0, 100);
  for (const result of results) result.release();
  return all;
}

const date = (text: string): TypedValue => ({ type: 'DATE', text });

describe('$name', () => {
  it('has the value that is given, of its type, in each statement that says it', async () => {
    await withSession(async (session) => {
      const sql =
        "create table t as select date '2024-01-01' + range::int as day from range(10); select count(*), min(typeof($since)) from t where day >= $since";
      expect(await rows(session, sql, { since: date('2024-01-08'), other: date('2024-01-01') })).toEqual([[3n, 'DATE']]);
      expect(await rows(session, 'select $Since, $SINCE, $since', { sinCE: date('2024-01-08') })).toEqual([
        ['2024-01-08', '2024-01-08', '2024-01-08'],
      ]);
      expect(
        await rows(session, 'select $a is null, $b', { a: { type: 'DATE', text: null }, b: { type: 'INTEGER[]', text: '[1, 2]' } }),
      ).toEqual([[true, [1, 2]]]);
      expect(await rows(session, "select $a, 'x; $a', $$ $b $$", { a: { type: 'VARCHAR', text: "'; drop table t; --" } })).toEqual([
        ["'; drop table t; --", 'x; $a', ' $b '],
      ]);
    });
  });

  it('has the value of the variable of that name, whatever its type', async () => {
    await withSession(async (session) => {
      await session.run(`set variable region = 'north'; set variable since = date '2024-01-01'; set variable n = null;
        set variable l = [{'a': 1, 'b': 'x, ''y'' {z}'}]; set variable e = 'a'::enum('a', 'b'); set variable tz = timestamptz '2024-01-01 10:00:00+02';
        set variable h = 170141183460469231731687303715884105727; set variable d = 0.1::double; set variable "Two Words" = 1`);
      expect(await rows(session, 'select $region, $since, $n, $l, $e, $tz, $h, $d, typeof($since), typeof($l), typeof($d)')).toEqual([
        [
          'north',
          '2024-01-01',
          null,
          [{ a: 1, b: "x, 'y' {z}" }],
          'a',
          '2024-01-01 08:00:00+00',
          170141183460469231731687303715884105727n,
          0.1,
          'DATE',
          'STRUCT(a INTEGER, b VARCHAR)[]',
          'DOUBLE',
        ],
      ]);
      await session.run('set variable counted = (select count(*) from range(7))');
      expect(await rows(session, 'select $counted, $region', { region: { type: 'VARCHAR', text: 'given' } })).toEqual([[7n, 'given']]);
      await session.run('create table kept as select $counted as n');
      expect(await rows(session, 'from kept')).toEqual([[7n]]);
      await session.run('insert into kept values ($counted + 1); update kept set n = $counted + 2 where n = $counted');
      expect(await rows(session, 'from kept order by n')).toEqual([[8n], [9n]]);
      await session.run('begin');
      expect(await rows(session, 'select $counted')).toEqual([[7n]]);
      await session.run('commit; prepare p as select $counted + 1');
      expect(await rows(session, 'execute p(counted := 4)')).toEqual([[5]]);
    });
  });

  it('is asked for where it has no value, with the type that DuckDB would take', async () => {
    await withSession(async (session) => {
      await session.run("create table t (day date, region varchar); set variable region = 'x'");
      const sql = 'select 1;\nselect * from t where day > $since and region = $region limit $howMany';
      await expect(session.runAll(sql)).rejects.toMatchObject({
        code: 'sql',
        message: 'No value for $since, $howMany: give one by SET VARIABLE since = … before.',
        position: { offset: sql.indexOf('$since'), line: 1, column: 28, length: 6 },
        missing: [
          { name: 'since', type: 'DATE' },
          { name: 'howMany', type: 'BIGINT' },
        ],
      });
      // What DuckDB cannot tell for want of another type.
      await expect(session.run("select $a || 'x', $b::date")).rejects.toMatchObject({
        missing: [{ name: 'a' }, { name: 'b', type: 'DATE' }],
      });
      // Before anything has run: it can be run again with the value.
      await expect(session.runAll('create table made (i int); select $since')).rejects.toMatchObject({ results: [] });
      await expect(session.run('from made')).rejects.toThrow(/does not exist/);
      expect(await rows(session, 'set variable later = 3; select $later')).toEqual([[3]]);
      await expect(session.run('select $nobody')).rejects.toMatchObject({ missing: [{ name: 'nobody' }] });
    });
  });

  it('says of a wrong value which it is', async () => {
    await withSession(async (session) => {
      await expect(rows(session, 'select $since', { since: date('abc') })).rejects.toThrow(/^\$since: "abc" is not a value of type DATE\./);
      await expect(rows(session, 'select $x', { x: { type: 'TINYINT', text: '300' } })).rejects.toThrow(
        /^\$x: "300" is not a value of type TINYINT/,
      );
      for (const type of ['INT); drop table t; --', 'nosuchtype', '']) {
        await expect(rows(session, 'select $x', { x: { type, text: '1' } })).rejects.toMatchObject({ code: 'sql' });
      }
    });
  });

  it('is remembered by its value and type', async () => {
    await withSession(
      async (session) => {
        await session.run('create table t as select range as i from range(1000)');
        const count = async (text: string, type = 'BIGINT') => {
          const [result] = await session.runAll('select count(*), min(typeof($least)) from t where i >= $least', undefined, {
            values: { least: { type, text } },
          });
          const answer = [await result?.page(0, 1), result?.provenance.kind];
          result?.release();
          return answer;
        };
        expect(await count('10')).toEqual([[[990n, 'BIGINT']], 'run']);
        expect(await count('20')).toEqual([[[980n, 'BIGINT']], 'run']);
        expect(await count('10', 'INTEGER')).toEqual([[[990n, 'INTEGER']], 'run']);
        expect(await count('10')).toEqual([[[990n, 'BIGINT']], 'proved']);
        await session.run('set variable least = 10::bigint');
        const [byVariable] = await session.runAll('select count(*), min(typeof($least)) from t where i >= $least');
        expect([await byVariable?.page(0, 1), byVariable?.provenance.kind]).toEqual([[[990n, 'BIGINT']], 'proved']);
        byVariable?.release();
        await session.run('set variable least = 999::bigint');
        expect(await rows(session, 'select count(*), min(typeof($least)) from t where i >= $least')).toEqual([[1n, 'BIGINT']]);
      },
      { cache: { minCostMs: 0 } },
    );
  });

  it('is what a cell reads from the session, and SET VARIABLE what it writes there', async () => {
    await withSession(async (session, engine) => {
      await session.run('create table t as select range as i from range(10)');
      const graph = await engine.graph(
        [
          { id: 'a', sql: "set variable region = 'north'" },
          { id: 'b', sql: 'select count(*) from t where i > $region' },
          { id: 'c', sql: "select getvariable('Other')" },
        ],
        session,
      );
      expect(graph.cells.map(({ effects }) => ({ reads: effects.reads, writes: effects.writes, session: effects.session }))).toEqual([
        { reads: [], writes: ['variable:region'], session: true },
        { reads: ['memory.main.t', 'variable:region'], writes: [], session: true },
        { reads: expect.anything(), writes: [], session: true },
      ]);
    });
  });
});
