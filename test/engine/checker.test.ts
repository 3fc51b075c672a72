import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Checker, CheckOptions, Engine, Session } from '../../engine/types.ts';
import { rowsOf, withSession } from '../support/engines.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const SCHEMA = `
  create table customers(id integer, name varchar, "Total €" double, address struct(city varchar, zip varchar));
  create table orders(id integer, customer_id integer, total decimal(10, 2), status varchar);
  create view big_orders as select * from orders where total > 100;
  create sequence s; create schema shop; create table shop.items(sku varchar);`;

function withChecker(use: (checker: Checker, session: Session, engine: Engine) => Promise<void>): Promise<void> {
  return withSession(async (session, engine) => {
    await session.run(SCHEMA);
    await use(engine.openChecker(), session, engine);
  });
}

/** What is marked, and why, one line per error. */
async function findings(checker: Checker, text: string, options: CheckOptions = {}): Promise<string[]> {
  const [errors] = await checker.check([text], options);
  return (errors ?? []).map(({ message, position }) => {
    const { offset, length } = position ?? { offset: 0, length: 0 };
    return `${text.slice(offset, offset + length)}: ${message.split('\n')[0]}`;
  });
}

describe('checker', () => {
  it.each([
    ['select nme from customers', 'nme: Binder Error: Referenced column "nme" not found in FROM clause!'],
    ['select c.nme from customers c', 'nme: Binder Error: Table "c" does not have a column named "nme"'],
    ["select '😀' || nme from customers", 'nme: Binder Error: Referenced column "nme" not found in FROM clause!'],
    ["select '😀é' selct fro", 'fro: Parser Error: syntax error at or near "fro"'],
    ['select 1 +', '+: Parser Error: syntax error at end of input'],
    ['selct 1', 'selct: Parser Error: syntax error at or near "selct"'],
    ['select * from custmers', 'custmers: Catalog Error: Table with name custmers does not exist!'],
    [
      'select id from customers c join orders o on true',
      'id: Binder Error: Ambiguous reference to column name "id" (use: "c.id" or "o.id")',
    ],
    ['insert into customers (nope) values (1)', 'nope: Binder Error: Table "customers" does not have a column with name "nope"'],
    ['update customers set nope = 1', 'nope: Binder Error: Referenced update column nope not found in table!'],
    ['select * exclude (nope) from customers', 'nope: Binder Error: Column "nope" in EXCLUDE list not found in FROM clause'],
    ['select * from customers join orders using (nope)', 'nope: Binder Error: Column "nope" does not exist on left side of join!'],
    ['drop table nope', 'nope: Catalog Error: Table with name nope does not exist!'],
    ['select uper(name) from customers', 'uper: Catalog Error: Scalar Function with name uper does not exist!'],
    ["select 'open", '\'open: Parser Error: unterminated quoted string at or near "\'open"'],
    [
      'select 1; select x; select 2; selec',
      'x: Binder Error: Referenced column "x" was not found because the FROM clause is missing',
      'selec: Parser Error: syntax error at or near "selec"',
    ],
  ])('marks %j', async (text, ...expected) => {
    await withChecker(async (checker) => expect(await findings(checker, text)).toEqual(expected));
  });

  it('stays silent about SQL that is right, also before it has run', async () => {
    const right = [
      'create table t as select 1 as a; select a from t; insert into t values (2); update t set a = 3; alter table t add column b int; select b from t; drop table t',
      'create view v as select id from customers; select id from v',
      'create macro twice(x) as x * 2; select twice(2)',
      'create macro rows_of(n) as table select n as m; select m from rows_of(2)',
      "create type mood as enum ('sad', 'glad'); create table m(f mood); select f from m; select 'sad'::mood",
      'create sequence q; create table w(id int default nextval($$q$$)); select id, nextval($$q$$) from w',
      'create table p(id int primary key); create table c(pid int references p(id), foreign key (pid) references p(id)); select pid from c',
      'create schema z; create table z.t(a int); select a from z.t; use z; select a from t',
      "attach 'other.db' as other; select x from other.t; use other; select y from u",
      'create or replace table orders(newer int); select newer from orders; select total from orders',
      'create table if not exists orders(x int); select total from orders',
      'select ?, $1; select $name::int + 1',
      'prepare p as select $1; execute p(1); deallocate p',
      'from customers select name; customers: 1'.split(';')[0] ?? '',
      'select total: 1, x: 2 from orders group by all',
      'pivot orders on status using sum(total); pivot orders on status in ($$new$$) using sum(total); unpivot orders on id, total',
      'with recursive r(n) as (select 1 union all select n + 1 from r where n < 5) from r',
      'with a(x) as (select 1), b(y) as materialized (select 2) select x, y from a, b',
      'select row_number() over w, lag(total) over (order by id) from orders window w as (order by id)',
      'select list_transform([1, 2], x -> x + 1), [x for x in [1, 2]], {a: 1}.a, address.city, name.upper() from customers',
      'select * from range(3) t(x), (select 1) u(y), lateral (select x + y) v(z)',
      "select trim(both ' ' from name), extract(year from date '2020-01-01'), cast(1 as decimal(10, 2)), coalesce(null, 1), if(true, 1, 2) from customers",
      'insert into orders (id, total) select id, 1 from customers on conflict do nothing returning id'.replace(
        ' on conflict do nothing',
        '',
      ),
      'merge into orders using customers on orders.id = customers.id when matched then update set total = 1 when not matched then insert (id) values (customers.id)',
      'summarize orders; describe orders; show tables; show all tables; explain select 1; from (describe orders)',
      'begin; insert into orders(id) values (1); rollback; checkpoint; vacuum; analyze',
      'set threads = 2; reset threads; set variable x = 1; select getvariable($$x$$)',
      'pragma database_list; call pragma_version(); load json; install httpfs',
      "copy orders to 'out.csv' (header); copy (select 1) to 'out.parquet' (format parquet)",
      "copy orders to 'later.csv'; from 'later.csv'",
      "from 'https://example.com/x.csv'; select 'https://example.com'; from read_xlsx('x.xlsx')",
      'select * from orders qualify row_number() over (partition by id) = 1',
      'select columns(c -> c like $$i%$$) from orders; select * exclude (id) replace (total * 2 as total) from orders',
      'select sum(total) filter (where id > 1), grouping(id) from orders group by rollup (id)',
      'select 1 union all by name select 2 as a',
      'from (values (1,2)) v(a,b) select a',
      'select * from range(3) tbl(i) positional join range(3) t2(j)',
      "select a.* like 'x%' from (select 1 xa) a",
      'select unnest([1,2,3]) as x, unnest({a:1,b:2})',
      'select * from (select 1 a) asof join (select 1 a) b using (a)',
      'select a, sum(b) over w from (select 1 a, 2 b) window w as (partition by a)',
      'select list_filter([1,2], lambda x: x > 1)',
      'select map {1: 2}[1], struct_pack(a := 1).a',
      "select 'a' similar to 'b', 1 // 2, 2 ** 3, 5 % 2, ~1, @(-1)",
      'select current_date, current_timestamp, today(), now()',
      'select * from (select 1 a, 2 b) unpivot (v for k in (a,b))',
      'create table g(a int generated always as (1) virtual, b int); insert into g(b) values (1)',
      "select try_cast('x' as int), cast(1 as varchar(10)), 1::decimal(3,1), [1,2]::int[2], '1 day'::interval",
      "select date_part('year', date '2020-01-01'), extract(month from now()), date_trunc('day', now()), strftime(now(), '%Y')",
      'select case when true then 1 else 2 end, exists(select 1), 1 in (1,2), 1 between 0 and 2',
      "select string_agg(x, ',' order by x) filter (where x > 1) from (select 2 x)",
      "select row(1,2), (1,2), {'a': 1}.a, array[1,2]",
      'select * from generate_series(1,3), lateral (select generate_series + 1 as y)',
      'create temp table tt(a int); create temp macro add1(x, y := 1) as x + y; select add1(a), add1(a, y := 2) from tt',
      'with t as materialized (select 1 a), u as (select * from t) select * from u qualify row_number() over (order by a) = 1',
      'select columns(*) from (select 1 a), (select 2 b)',
      'select * replace (a + 1 as a), * rename (a as z) from (select 1 a)',
      'select sum(distinct a), count(*), first(a), any_value(a), max_by(a, a), quantile_cont(a, 0.5) from (select 1 a)',
      'select grouping_id(a), a from (select 1 a) group by cube (a), grouping sets ((a), ())',
      "select $$dollar$$, e'\\n', x'AB', 1_000, 0xFF, 1e5, .5",
      "select json_extract('{\"a\":1}', '$.a'), '{\"a\":1}'::json -> 'a', '{\"a\":1}'::json ->> '$.a'",
      "select regexp_matches('a', 'b'), 'a' ~ 'b', 'a' ilike 'B', 'a' glob '*'",
      'values (1), (2); table duckdb_tables; (select 1) union (select 2)',
      'select a from (select 1 a) tablesample 10%; select a from (select 1 a) using sample 10 rows',
      'create view vv as select 1 a; create or replace view vv as select 1 b; select b from vv; alter view vv rename to ww; select b from ww; drop view ww',
      "create table aa(x int); alter table aa rename column x to y; select y from aa; alter table aa alter y type varchar; comment on table aa is 'c'; comment on column aa.y is 'c'; truncate aa; create index ii on aa(y); drop index ii",
      "create type st as struct(a int); create table us(s st); select s.a from us; select s['a'] from us",
      "create schema sc; set schema = 'sc'; create table x1(a int); select a from x1; select a from sc.x1",
      'select "Größe" from (select 1 as "größe")',
      'explain analyze select 1; set session schema = $$main$$; set global threads=2',
      'prepare foo as select ?::int + $2; execute foo(1, 2)',
      'begin transaction; create table inn(a int); insert into inn values (1); commit; select a from inn; drop table inn',
      'create macro tm(a) as table (select a as c); from tm(1) select c; create or replace macro ov(a) as a, (a, b) as a + b; select ov(1), ov(1, 2)',
      'create table from_range as from range(3) t(i); describe from_range; summarize from_range; select i from from_range; create table cp as table from_range; select i from cp',
      'create table renamed(a, b) as select 1, 2; select a, b from renamed',
      'create table defaulted(id int default 1, n varchar collate nocase, t timestamptz default now(), g geometry)',
      '.mode csv\nselect 1;\n.tables\nselect id from orders',
      '-- %% cell\n/* a /* b */ c */ select 1; ;; \n',
    ];
    await withChecker(async (checker) => {
      const wrong: Record<string, string[]> = {};
      for (const text of right) {
        const found = await findings(checker, text);
        if (found.length > 0) wrong[text] = found;
      }
      expect(wrong).toEqual({});
    });
  });

  it('lets a cell see what earlier cells make, and not what later ones do', async () => {
    await withChecker(async (checker) => {
      const cells = ['create table made as select 1 as a', 'select a, b from made', 'create table late(c int)'];
      expect((await checker.check(cells)).map((errors) => errors.length)).toEqual([0, 1, 0]);
      expect((await checker.check(['select c from late', ...cells])).map((errors) => errors.length)).toEqual([1, 0, 1, 0]);
    });
  });

  it('sees what the session alone has, and follows its USE', async () => {
    await withChecker(async (checker, session) => {
      const text = 'select a from mine; select sku from items; select double_it(1)';
      expect(await findings(checker, text, { session })).toHaveLength(3);
      await session.run('create temp table mine(a int); use shop; create temp macro double_it(x) as x * 2');
      expect(await findings(checker, text, { session })).toEqual([]);
      expect(await findings(checker, text)).toHaveLength(3);
      await session.run('drop table mine');
      expect(await findings(checker, 'select a from mine', { session })).toHaveLength(1);
    });
  });

  it('says nothing of names while the session is in a transaction', async () => {
    await withChecker(async (checker, session) => {
      await session.run('begin; create table inside(a int)');
      expect(await findings(checker, 'select a from inside; selec', { session })).toHaveLength(1);
      await session.run('rollback');
      expect(await findings(checker, 'select a from inside; selec', { session })).toHaveLength(2);
    });
  });

  it('changes nothing: no catalog, no sequence, no file, and no cached result', async () => {
    const folder = temporaryFolder();
    await withSession(
      async (session, engine) => {
        await session.run(SCHEMA);
        const checker = engine.openChecker();
        const before = JSON.stringify(await engine.catalog(session));
        await session.run('select count(*) from orders');
        const acting = [
          'drop table orders',
          'delete from orders',
          'insert into orders(id) values (1)',
          "select nextval('s')",
          "from range(nextval('s'))",
          `export database '${folder}/dump'`,
          `explain export database '${folder}/dump'`,
          `copy orders to '${folder}/out.csv'`,
          `attach '${folder}/new.db' as n`,
          'create table made(a int)',
          'alter table orders rename to gone',
          'set threads = 1',
          'use shop',
          'create table t as select nextval($$s$$) a',
          'begin',
          'from enable_logging()',
          'call enable_logging()',
          "pragma memory_limit = '1GB'",
          "import database 'nowhere'",
        ];
        await checker.check([acting.join(';\n')], { session, cwd: folder });
        for (const sql of acting) await checker.check([sql], { session, cwd: folder });
        expect(JSON.stringify(await engine.catalog(session))).toBe(before);
        expect(await rowsOf(session, "select nextval('s')")).toEqual([[1n]]);
        expect((await import('node:fs')).readdirSync(folder)).toEqual([]);
        const again = await session.run('select count(*) from orders');
        expect([again.provenance.kind, await again.page(0, 1)]).toEqual(['proved', [[0n]]]);
        await engine.sampleMemory();
        expect(engine.stats().cache.invalidations).toBe(0);
      },
      { cache: { minCostMs: 0 } },
    );
  });

  it('knows the columns of files, large ones once per state of the file', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'large.csv');
    const write = (header: string) => writeFileSync(file, `${header}\n${'1,some text that makes it long\n'.repeat(20_000)}`);
    await withChecker(async (checker) => {
      write('id,word');
      const text =
        "select id, large.word, filename from 'large.csv' where x = 1; select read_csv.id from read_csv('large.csv') join orders on id2 = 1; select é.word from 'large.csv' é";
      const expected = [
        'x: Binder Error: Referenced column "x" not found in FROM clause!',
        'id2: Binder Error: Referenced column "id2" not found in FROM clause!',
      ];
      expect(await findings(checker, text, { cwd: folder })).toEqual(expected);
      write('id2,x');
      utimesSync(file, 1, 1);
      expect((await findings(checker, text, { cwd: folder })).map((line) => line.split(':')[0])).toEqual(['id', 'word', 'id', 'word']);
      expect(await findings(checker, "from 'missing.csv'", { cwd: folder })).toEqual([
        '\'missing.csv\': IO Error: No files found that match the pattern "missing.csv"',
      ]);
    });
  });

  it('ends early when it is not wanted any more, and with its engine', async () => {
    await withChecker(async (checker, _, engine) => {
      expect(await checker.check(['selec'], { signal: AbortSignal.abort() })).toEqual([[]]);
      const waiting = checker.check(Array.from({ length: 50 }, (_, index) => `select x${index}`));
      await engine.close();
      await waiting.catch(() => undefined);
      expect(await checker.check(['selec'])).toEqual([[]]);
    });
  });

  it('tells which texts are SQL, without asking about what acts', async () => {
    await withChecker(async (checker) => {
      const texts = ['select 1', 'selct 1', 'select nme from nowhere', 'pragma nonsense(1', 'select 1; select 2', ''];
      expect(await checker.parses(texts)).toEqual([true, false, true, true, true, true]);
      const stopped = new AbortController();
      stopped.abort();
      expect(await checker.parses(texts, stopped.signal)).toEqual([]);
    });
  });

  it('describes queries as if the statements before them had run', async () => {
    await withChecker(async (checker, session) => {
      await session.run('create temp table mine(x integer)');
      const cells = ['create table fresh(a integer, b varchar)', 'select 1; create view late as select 1 as z'];
      const queries = [
        'from fresh',
        'select id, total * 2 as double from orders',
        'from mine',
        'from late',
        'call range(1)',
        'select 1; select 2',
      ];
      expect(await checker.describe({ cells, cell: 1, offset: 0 }, queries, { session })).toEqual([
        [
          { name: 'a', type: 'INTEGER' },
          { name: 'b', type: 'VARCHAR' },
        ],
        [
          { name: 'id', type: 'INTEGER' },
          { name: 'double', type: 'DECIMAL(18,2)' },
        ],
        [{ name: 'x', type: 'INTEGER' }],
        undefined,
        undefined,
        undefined,
      ]);
      const [late] = await checker.describe({ cells, cell: 1, offset: 100 }, ['from late'], { session });
      expect(late).toEqual([{ name: 'z', type: 'INTEGER' }]);
    });
  });
});
