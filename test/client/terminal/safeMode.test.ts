import { describe, expect, test } from 'vitest';
import { planRefusal, refusalInSafeMode } from '../../../client/terminal/safeMode.ts';

describe('safe mode', () => {
  test.each([
    "attach 'x.db'",
    "  /* hidden */ COPY t TO 'x.csv'",
    "copy t from 'x.csv'",
    "export database 'x'",
    "import database 'x'",
    'install httpfs',
    'force install httpfs',
    'load httpfs',
    'call pragma_version()',
    'execute p',
    "explain analyze copy t to 'x.csv'",
    "prepare p as copy t to 'x.csv'",
    "prepare p as from 'x.csv'",
    'create or replace secret s (type s3)',
    'create persistent secret s (type s3)',
    "set file_search_path = '/'",
    "set global profiling_output = 'x'",
    'reset temp_directory',
    "pragma enable_profiling = 'json'",
    "from 'x.csv'",
    "select * from t, 'x.csv'",
    "select * from t join u on t.a = u.a, 'x.csv'",
    "select * from (t cross join 'x.csv')",
    'select * from "x.parquet"',
    'select * from "/etc/passwd"',
    'from data.csv',
    "describe 'x.csv'",
    "summarize 'x.csv'",
    "pivot 'x.csv' on a",
    "select * from read_csv('x')",
    "select * from READ_TEXT('x')",
    `select * from "read_csv"('x')`,
    "select * from glob('*')",
    "select * from query('from t')",
    "create table t as from 'x.csv'",
    "create macro m() as table from 'x.csv'",
    "insert into t from 'x.csv'",
    "with a as (from 'x.csv') from a",
    "select (select max(a) from 'x.csv')",
    "set variable v = (select content from read_text('x'))",
    "select getenv('HOME')",
  ])('refuses %s', (sql) => expect(refusalInSafeMode(sql)).toMatch(/^Safe mode does not allow /));

  test.each([
    'select 1',
    "select 'from' as a, 'x.csv' as b",
    "select * from t where path = 'x.csv' and u is distinct from 'x.csv'",
    "select * from t join u on t.a = 'x.csv'",
    "select * from (values ('x.csv'), ('y')) v(a)",
    "insert into t values ('x.csv')",
    "insert into t (a) select 'x.csv'",
    "update t set a = 'x.csv' where b = 'y.csv'",
    "delete from t where a in ('x.csv')",
    "create table t (a varchar default 'x.csv')",
    "select extract(year from date '2024-01-01'), trim(both 'x' from 'xax')",
    'from range(10)',
    "from generate_series(date '2024-01-01', date '2024-02-01', interval 1 day)",
    'from main.t',
    'from "my table"',
    'use memory',
    "set variable v = 'x'",
    "set time zone 'UTC'",
    "set search_path = 'main'",
    'pragma table_info(t)',
    'begin; ',
    'explain select 1',
    'show tables',
    'describe t',
    '',
  ])('lets run %s', (sql) => expect(refusalInSafeMode(sql)).toBeUndefined());

  test('refuses by the plan what the text hides', () => {
    const plan = (kind: string, name = '', value = '') => ({
      analyzed: false,
      operators: [
        { kind: 'PROJECTION', details: [] },
        { kind, details: [{ name, values: [value] }] },
      ],
    });
    expect(planRefusal(plan('READ_CSV_AUTO'))).toMatch(/allow read_csv_auto, which is in the statement’s plan/);
    expect(planRefusal(plan('TABLE_SCAN', 'Function', 'READ_PARQUET'))).toMatch(/read_parquet/);
    expect(planRefusal(plan('COPY_TO_FILE'))).toMatch(/copy_to_file/);
    expect(planRefusal(plan('SEQ_SCAN', 'Table', 'read_me'))).toBeUndefined();
    expect(planRefusal(plan('RANGE'))).toBeUndefined();
  });
});
