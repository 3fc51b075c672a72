import { describe, expect, it } from 'vitest';
import { SessionJournal } from '../../../client/terminal/sessionJournal.ts';

/** Plays statements; one in parentheses fails. `BEGIN` and so on are followed as DuckDB would. */
function play(statements: readonly string[], inMemory = false) {
  const journal = new SessionJournal(inMemory);
  let open = false;
  for (const each of statements) {
    const failed = each.startsWith('!');
    const sql = failed ? each.slice(1) : each;
    if (/^begin/i.test(sql) && !failed) open = true;
    if (/^(?:commit|rollback)/i.test(sql)) open = false;
    journal.ran(sql, !failed, open);
  }
  return { lost: journal.lost(), restored: journal.restorable().map(({ sql }) => sql), journal };
}

describe('a journal of a session', () => {
  it.each<[string, string[], string[], string[]]>([
    ['questions leave nothing', ['select 1', 'insert into t values (1)', 'create table t(a int)', 'pragma table_info(t)'], [], []],
    [
      'the last of a setting counts',
      ['set threads = 1', 'SET threads = 2', 'set SESSION x to 3'],
      ['SET threads = 2', 'set SESSION x to 3'],
      [],
    ],
    ['RESET takes a setting back', ['set threads = 1', 'reset threads', 'set variable v = 1', 'reset variable v'], [], []],
    ['a failed statement left nothing', ['!set threads = 1', '!create temp table a as select 1'], [], []],
    [
      'USE, ATTACH, LOAD and PREPARE come back in their order',
      ["attach 'x.db' as x", 'use x.main', 'load json', 'prepare p as select 1'],
      ["attach 'x.db' as x", 'use x.main', 'load json', 'prepare p as select 1'],
      [],
    ],
    ['what was detached and deallocated is gone', ["attach 'x.db' as x", 'detach x', 'prepare p as select 1', 'deallocate p'], [], []],
    [
      'variables of literals come back, computed ones are lost',
      ['set variable a = -5', "set variable b = ['x', 'y']", 'set variable c = now()', 'set variable d = (select 1)'],
      ['set variable a = -5', "set variable b = ['x', 'y']"],
      ['variable c', 'variable d'],
    ],
    [
      'temporary definitions come back, temporary tables are lost',
      [
        'create temp table a(i int)',
        'create or replace temporary view "V" as select 1',
        'create temp macro m(x) as x',
        'create temp table if not exists b as select 1',
      ],
      ['create or replace temporary view "V" as select 1', 'create temp macro m(x) as x'],
      ['temporary table a', 'temporary table b'],
    ],
    ['what was dropped is not lost', ['create temp table a(i int)', 'DROP TABLE if exists temp.A'], [], []],
    [
      'a database in memory comes back empty',
      ["attach ':memory:' as m"],
      ["attach ':memory:' as m"],
      ['what was in the database m in memory'],
    ],
    [
      'a secret comes back, a persistent one is there anyway',
      ['create secret s (type s3)', 'create persistent secret p (type s3)'],
      ['create secret s (type s3)'],
      [],
    ],
    [
      'an open transaction is lost with what it made',
      ['begin', 'create temp view v as select 1', 'insert into t values (1)'],
      [],
      ['the open transaction'],
    ],
    [
      'what a transaction made stays when it is committed',
      ['begin', 'create temp view v as select 1', 'commit'],
      ['create temp view v as select 1'],
      [],
    ],
    [
      'and goes when it is rolled back, while settings stay',
      ['create temp view w as select 2', 'begin', 'create temp view v as select 1', 'drop view w', 'set threads = 1', 'rollback'],
      ['set threads = 1', 'create temp view w as select 2'],
      [],
    ],
    ['a COMMIT that fails has rolled back', ['begin', 'create temp table a as select 1', '!commit'], [], []],
  ])('%s', (_name, statements, restored, lost) => {
    expect(play(statements)).toMatchObject({ restored, lost });
  });

  it('knows that a database in memory goes as a whole, once something is in it', () => {
    expect(play(['select 1'], true).lost).toEqual([]);
    expect(play(['create table t as select 1'], true).lost).toEqual(['everything that was in memory']);
  });

  it('says what is lost once', () => {
    const { journal } = play(['create temp table a as select 1', 'set threads = 1', 'begin']);
    expect(journal.lost()).toEqual(['the open transaction', 'temporary table a']);
    journal.forgetLost();
    expect([journal.lost(), journal.inTransaction]).toEqual([[], false]);
    expect(journal.restorable()).toHaveLength(1);
  });
});
