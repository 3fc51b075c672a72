import { appendFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ParameterValue } from '../../engine/types.ts';
import type { Step } from './twinPlayer.ts';

/** A history for two sessions: what is prepared before, and the steps that are compared. */
export interface History {
  readonly seed: number;
  readonly setUp: readonly Step[];
  readonly steps: readonly Step[];
}

/** Transactions longer than this are ended: inside them nothing is cached. */
const MAX_TRANSACTION_STEPS = 5;
/** What was dropped, renamed or set aside comes back after at most so many steps: questions should mostly have an answer. */
const MAX_STEPS_ASTRAY = 12;
/** Tables that are copied into one another would double each time. */
const MAX_COPIED_ROWS = 20;
/** Questions of one history that come again and again. */
const FAVOURITES = 14;

const SET_UP = [
  "attach '{{DIR}}/f1.duckdb' as f; create schema f.s1; create table f.t1(a int, b varchar, d double); create table f.t2 as from (values (7, 'f', 0.7)) x(a, b, d)",
  "insert into f.t1 values (5, 'five', 0.5), (6, 'six', 0.6); create table f.s1.t1 as from f.t1 where a = 5",
  "attach '{{DIR}}/f2.duckdb' as f2; create schema f2.s1; create table f2.t1 as select * replace (a + 100 as a) from f.t1; create table f2.t2 as from f.t2; create table f2.s1.t1 as from f.t1; detach f2",
  "attach ':memory:' as m; create table m.t1 as from (values (8, 'm', 0.8)) x(a, b, d)",
  "create table t1(a int, b varchar, d double); insert into t1 values (1, 'x', 0.1), (2, 'y', null), (3, null, 0.3), (null, 'X', 0.4)",
  "create table t2 as from (values (2, 'y', 2.0), (3, 'z', 3.0)) x(a, b, d); create table k1(a int primary key, b varchar default 'd', d double)",
  "insert into k1 values (1, 'k', 1), (2, 'l', 2); create schema s1; create table s1.t1 as from (values (9, 's', 0.9)) x(a, b, d)",
  'create view v1 as select a, b, d from t1 where a is not null; create view v2 as select a, b, count(*) d from v1 group by a, b',
  'create view v3 as select x.a, y.b, x.d from t2 x left join f.t1 y on x.a + 3 = y.a; create view f.v1 as from f.t1; create view s1.v1 as from s1.t1',
  'create macro sm(x) as x + 1; create macro tm() as table select a, b, d from t1; create macro tm2(n) as table from t2 where a >= n; create macro deep(x) as sm(x) * (select count(*) from t2)',
  "create sequence q; create sequence q2 start 10; create type mood as enum ('x', 'y'); create table e1 as select 'y'::mood a, 'e' b, 0.0 d",
  "create table g1(a int, b varchar generated always as ('g' || a), d double default 1.5); insert into g1(a) values (1), (2)",
];
const SET_UP_FILES = [
  "copy (from t1) to '{{DIR}}/p1.parquet'; copy (from t2) to '{{DIR}}/p2.parquet'; copy (from t1) to '{{DIR}}/c1.csv'; copy (from t2) to '{{DIR}}/c2.csv'",
  "copy (from t1) to '{{DIR}}/j1.json'; copy (select 1 k, * from t1) to '{{DIR}}/h' (format parquet, partition_by (k)); copy (from t2) to '{{DIR}}/gx1.parquet'",
  "create view vp as from '{{DIR}}/gx*.parquet'; create view vc as from read_csv('{{DIR}}/c1.csv'); create macro tf() as table select a, b, d from '{{DIR}}/p1.parquet'",
  "create table \"with space\" as from t1; set variable x = 2; set variable tn = 't1'; set variable pf = '{{DIR}}/p1.parquet'; set file_search_path = '{{DIR}}'",
];

const SETTINGS: readonly (readonly [string, readonly string[]])[] = [
  ['TimeZone', ["'UTC'", "'America/New_York'", "'Asia/Tokyo'"]],
  ['Calendar', ["'gregorian'", "'japanese'", "'buddhist'"]],
  ['default_order', ["'asc'", "'desc'"]],
  ['default_null_order', ["'nulls_first'", "'nulls_last'", "'nulls_first_on_asc_last_on_desc'"]],
  ['integer_division', ['true', 'false']],
  ['ieee_floating_point_ops', ['true', 'false']],
  ['scalar_subquery_error_on_multiple_rows', ['true', 'false']],
  ['default_collation', ["'NOCASE'", "''"]],
  ['old_implicit_casting', ['true', 'false']],
  ['pivot_limit', ['1', '100000']],
  ['order_by_non_integer_literal', ['true', 'false']],
  ['binary_as_string', ['true', 'false']],
  ['file_search_path', ["'{{DIR}}'", "'{{DIR}}/h'", "''"]],
];

/** Questions that fail or cannot be remembered: not worth asking again and again. */
const UNLIKELY = /missing|selec |nextval|currval|rowid|duckdb_|information_schema|show |error\(|temp\.|x1|e1|mood|sample/;

/** What ends up astray, and what brings it back. */
const MENDS: readonly (readonly [RegExp, string | ((sql: string) => string)])[] = [
  [/^(?:use|set search_path|set schema)/, 'use memory'],
  [
    /^(?:set|pragma|reset) (?:global |session )?(?:default_collation|scalar_sub|pivot_limit|integer_division|ieee_)/,
    (sql) => `reset ${setting(sql)}`,
  ],
  [/^(?:set|pragma|reset) (?:global |session )?file_search_path/, "set file_search_path = '{{DIR}}'"],
  [/^deallocate p1/, 'prepare p1 as from t1 order by all'],
  [/^deallocate p2/, 'prepare p2 as from t1 where a >= $1'],
  [/^deallocate p3/, 'prepare p3 as delete from t1 where a > 3'],
  [/rename column b to c/, (sql) => sql.replace('column b to c', 'column c to b')],
  [
    /^drop table if exists (?!temp|e1)[^;]*$/,
    (sql) =>
      sql.replace(/^drop table if exists (.*)/, 'create table if not exists $1 as from (values (1, null, 0.1), (2, null, 0.2)) x(a, b, d)'),
  ],
  [/^drop schema/, "create schema if not exists s1; create table if not exists s1.t1 as from (values (9, 's', 0.9)) x(a, b, d)"],
  [
    /^alter table (?:memory\.)?[tx]\d? rename to/,
    'drop table if exists x1; create table if not exists memory.t1 as from memory.t2; create table if not exists memory.t2 as from memory.t1',
  ],
  [/read_only/, "use memory; detach f; attach '{{DIR}}/f1.duckdb' as f"],
  [/alter a type varchar/, (sql) => sql.replace('type varchar', 'type int using try_cast(a as int)')],
];

function setting(sql: string): string {
  return /^\w+ (?:global |session )?(\w+)/.exec(sql)?.[1] ?? '';
}

/** Makes a history from a seed; the same seed always gives the same history. */
export function makeHistory(seed: number, length: number): History {
  return new HistoryMaker(seed).make(length);
}

/** A small generator of numbers (mulberry32 by Tommy Ettinger), so that seeds mean the same on every machine. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  upTo(count: number): number {
    return Math.floor(this.next() * count);
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.upTo(choices.length)];
    if (choice === undefined) throw new RangeError('There is nothing to choose from.');
    return choice;
  }

  /** Picks by weight. */
  weighted<T>(choices: readonly (readonly [number, T])[]): T {
    let left = this.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, choice] of choices) {
      left -= weight;
      if (left < 0) return choice;
    }
    return this.pick(choices)[1];
  }
}

/** What a step is, less its session. */
type Act = Omit<Step, 'session' | 'sql'> & { readonly sql: string };

class HistoryMaker {
  readonly #seed: number;
  readonly #random: Random;
  readonly #favourites: Act[] = [];
  /** Steps since BEGIN, as far as the text tells. */
  readonly #inTransaction = new Map<string, number>();
  /** Steps that mend what others did, and when they are due. */
  readonly #due: { readonly at: number; readonly step: Step }[] = [];
  #made = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = new Random(seed);
  }

  make(length: number): History {
    while (this.#favourites.length < FAVOURITES) {
      const act = this.#read();
      if (!act.volatile && !act.once && !act.ignore && !UNLIKELY.test(act.sql)) this.#favourites.push(act);
    }
    const steps: Step[] = [];
    for (; steps.length < length; this.#made = steps.length) steps.push(...this.#next());
    const setUp = [...SET_UP, ...SET_UP_FILES].map((sql) => ({ session: 'a', sql }));
    const session = "set variable x = 3; set variable tn = 't2'; set variable pf = '{{DIR}}/p1.parquet'; set file_search_path = '{{DIR}}'";
    const prepared =
      'prepare p1 as from t1 order by all; prepare p2 as select a, b from t1 where a >= $1; prepare p3 as update t2 set a = a + 1';
    return {
      seed: this.#seed,
      setUp: [...setUp, { session: 'a', sql: prepared }, { session: 'b', sql: `${session}; ${prepared}` }],
      steps,
    };
  }

  /** A step that other steps will follow before long. */
  #astray(session: string, sql: string): Step[] {
    const mend = MENDS.find(([pattern]) => pattern.test(sql))?.[1];
    const mended = typeof mend === 'function' ? mend(sql) : mend;
    if (mended !== undefined) {
      const at = this.#made + 1 + this.#random.upTo(MAX_STEPS_ASTRAY);
      this.#due.push({ at, step: { session, sql: mended } });
    }
    return [{ session, sql }];
  }

  #next(): Step[] {
    const random = this.#random;
    const due = this.#due.findIndex(({ at, step }) => at <= this.#made && !this.#inTransaction.has(step.session));
    if (due >= 0) return this.#due.splice(due, 1).map(({ step }) => step);
    const session = random.pick(['a', 'b']);
    const open = this.#inTransaction.get(session);
    if (open !== undefined) {
      this.#inTransaction.set(session, open + 1);
      if (open >= MAX_TRANSACTION_STEPS || random.chance(0.25)) return [this.#endTransaction(session)];
    }
    const kind = random.weighted([
      [58, 'read'],
      [18, 'write'],
      [6, 'define'],
      [6, 'session'],
      [2, 'transaction'],
      [2, 'script'],
      [5, 'file'],
      [0.5, 'attach'],
    ] as const);
    switch (kind) {
      case 'read': {
        const act = random.chance(0.75) ? random.pick(this.#favourites) : this.#read();
        return [{ ...this.#asked(act), session }];
      }
      case 'write':
        return [{ session, sql: this.#write() }];
      case 'define':
        return this.#astray(session, this.#define());
      case 'session':
        return this.#astray(session, this.#set());
      case 'script':
        return [{ session, sql: this.#script(), all: random.chance(0.5) }];
      case 'file':
        return [{ ...this.#file(), session }];
      case 'attach':
        this.#inTransaction.clear();
        return this.#astray(session, this.#attach()).map((step) => ({ ...step, alone: true }));
      case 'transaction':
        if (open !== undefined) return [];
        this.#inTransaction.set(session, 0);
        return [
          { session, sql: random.pick(['begin', 'BEGIN TRANSACTION', 'start transaction', '/* tx */ begin', 'explain analyze begin']) },
        ];
    }
  }

  #endTransaction(session: string): Step {
    this.#inTransaction.delete(session);
    return {
      session,
      sql: this.#random.pick(['commit', 'commit', 'commit', 'COMMIT TRANSACTION', 'end', 'rollback', 'rollback', '-- no\nabort']),
    };
  }

  /** A question with what a caller may add to it: a limit of rows, other parameters, comments, no cache. */
  #asked(act: Act): Act {
    const random = this.#random;
    if (act.params !== undefined) return { ...act, params: [this.#value()] };
    if (random.chance(0.06)) return { ...act, maxRows: random.pick([0, 1, 2, 3, 1000]) };
    if (random.chance(0.05)) return { ...act, all: true };
    if (random.chance(0.03)) return { ...act, useCache: false };
    if (random.chance(0.03)) return { ...act, sql: `/* ${random.upTo(3)} */ ${act.sql} -- ;` };
    return act;
  }

  #value(): ParameterValue {
    return this.#random.pick<ParameterValue>([
      1,
      2,
      3,
      1n,
      2n,
      '1',
      '2',
      'x',
      1.5,
      -0,
      0,
      Number.NaN,
      true,
      null,
      new Date(0),
      new Uint8Array([49]),
    ]);
  }

  #table(): string {
    const names = [
      't1',
      't1',
      't1',
      't2',
      't2',
      'k1',
      'memory.t1',
      'memory.main.t2',
      'f.t1',
      'f.t1',
      'f.main.t2',
      'm.t1',
      's1.t1',
      'memory.s1.t1',
      'f.s1.t1',
    ];
    return this.#random.pick([
      ...names,
      'T1',
      '"t1"',
      'k1',
      ...(this.#random.chance(0.3) ? ['g1', 'e1', '"with space"', 'temp.t1', 'x1'] : []),
    ]);
  }

  #source(): string {
    const random = this.#random;
    if (random.chance(0.55)) return this.#table();
    return random.pick([
      'v1',
      'v1',
      'v2',
      'v2',
      'v3',
      'f.v1',
      's1.v1',
      'tm()',
      'tm()',
      'tm2(2)',
      'tf()',
      'vp',
      'vc',
      "query('from t1')",
      "query_table('t1')",
      "query_table(getvariable('tn'))",
      '(from t1 where a > 1)',
      '(select a, b, d from t1 union all by name select a, b, d from t2)',
      "'{{DIR}}/p1.parquet'",
      "'{{DIR}}/p1.parquet'",
      "'{{DIR}}/gx*.parquet'",
      "'{{DIR}}/gx*.parquet'",
      "read_parquet(['{{DIR}}/p1.parquet', '{{DIR}}/p2.parquet'], union_by_name = true)",
      "read_parquet('{{DIR}}/h/*/*.parquet', hive_partitioning = true)",
      "read_parquet('{{DIR}}/p*.parquet', filename = true)",
      "read_parquet(getvariable('pf'))",
      "'p1.parquet'",
      "'{{DIR}}/c1.csv'",
      "read_csv('{{DIR}}/c*.csv', union_by_name = true)",
      "read_csv('{{DIR}}/c1.csv', columns = {'a': 'varchar', 'b': 'varchar', 'd': 'varchar'}, header = true)",
      "'{{DIR}}/j1.json'",
      "read_json('{{DIR}}/j*.json')",
    ]);
  }

  #read(): Act {
    const random = this.#random;
    const s = this.#source();
    const other = this.#source();
    const n = random.upTo(4);
    return random.weighted<Act>([
      [8, { sql: `select * from ${s}` }],
      [8, { sql: `from ${s} order by all` }],
      [8, { sql: `select count(*) n, sum(a) s, max(b) b from ${s}` }],
      [5, { sql: `select a, count(*) n from ${s} group by a order by a` }],
      [5, { sql: `select a from ${s} order by a limit ${n + 1}` }],
      [4, { sql: `select list_sort(list(a)) l, array_sort(list(b)) m from ${s}` }],
      [3, { sql: `select a / 2 h, a::double / 0 z, b = 'X' e from ${s} order by all` }],
      [5, { sql: `select * from ${s} where a >= ${n} order by all` }],
      [6, { sql: `select count(*) n from ${s} where a > $1`, params: [1] }],
      [3, { sql: `select typeof($1) t, $1 v, (select count(*) from ${s}) n`, params: [1] }],
      [4, { sql: `select x.a, y.b from ${s} x join ${other} y using (a) order by all` }],
      [3, { sql: `select * from ${s} x semi join ${other} y using (a) order by all` }],
      [3, { sql: `select a from ${s} x where exists (from ${other} y where y.a = x.a) order by all` }],
      [3, { sql: `select (select max(a) from ${s}) m, (select count(*) from ${other}) n` }],
      [2, { sql: `select (select a from ${s}) r` }],
      [3, { sql: `with c as (from ${s}), t2 as (from ${other}) select (select count(*) from c) x, (select sum(a) from t2) y` }],
      [3, { sql: `select a from ${s} union by name select b from ${other} order by all` }],
      [2, { sql: `select * from ${s} x, lateral (select count(*) n from ${other} y where y.a <= x.a) z order by all` }],
      [3, { sql: `select sm(a) s, deep(a) e from ${s} order by all` }],
      [2, { sql: `select * from (pivot (select a, b from ${s}) on b using count(*) group by a) order by all` }],
      [1, { sql: `pivot (select a, b from ${s}) on b using count(*) group by a order by all` }],
      [1, { sql: `unpivot (select a, d from ${s}) on columns(*) order by all` }],
      [2, { sql: `select column_name, column_type, max, count from (summarize from ${s})` }],
      [1, { sql: `describe from ${s}` }],
      [1, { sql: 'show tables' }],
      [1, { sql: 'select table_name, sql from duckdb_tables() order by all' }],
      [1, { sql: 'select count(*) n from information_schema.columns' }],
      [2, { sql: "select getvariable('x') v, getvariable('tn') n" }],
      [3, { sql: `select a from ${s} where a = getvariable('x')` }],
      [2, { sql: "select (timestamptz '2024-01-01 03:00:00+00')::varchar t, date_part('era', timestamptz '2024-01-01 03:00:00+00') y" }],
      [2, { sql: `select date_trunc('day', timestamptz '2024-01-01 03:00:00+00')::varchar t, count(*) from ${s}` }],
      [1, { sql: "select current_setting('TimeZone') z, current_schema() s, current_database() d" }],
      [1, { sql: "select enum_range(null::mood) r, 'y'::mood > 'x'::mood o" }],
      [2, { sql: 'select max(a) m, min(a) n from e1' }],
      [1, { sql: 'execute p1', once: true }],
      [1, { sql: `execute p2(${n})`, once: true }],
      [1, { sql: "select nextval('q') n", once: true }],
      [1, { sql: `select a, nextval('q') n from ${s}`, once: true }],
      [1, { sql: "select currval('q') n", once: true }],
      [1, { sql: `select rowid r, a from ${s}` }],
      [1, { sql: 'from range(3)' }],
      [1, { sql: "from generate_series(1, getvariable('x'))" }],
      [1, { sql: `select unnest(list(b order by b)) u from ${s}` }],
      [1, { sql: `select random() r, count(*) from ${s}`, volatile: true }],
      [1, { sql: 'select uuid() u', volatile: true }],
      [1, { sql: `from ${s} using sample 50%`, volatile: true }],
      [1, { sql: "from repeat(getvariable('x'), 2)" }],
      [1, { sql: 'select * from missing' }],
      [1, { sql: `select 1 / (a - 2) q, cast(b as int) from ${s}` }],
      [1, { sql: `select error('no') from ${s} where a > ${n + 1}` }],
      [1, { sql: 'selec 1' }],
      [1, { sql: `select size > 0 s, regexp_extract(filename, '[a-z0-9.]+$') f from read_text('{{DIR}}/c*.csv') order by all` }],
      [1, { sql: `(from ${s} order by all limit 2)` }],
      [1, { sql: `select row_number() over (order by a, b) r, a from ${s} qualify r <= 2` }],
      [1, { sql: `with recursive r(n) as (select 1 union all select n + 1 from r where n < (select count(*) from ${s})) from r` }],
      [1, { sql: `table ${this.#table()}` }],
      [1, { sql: `explain analyze select count(*) from ${s}`, ignore: true }],
    ]);
  }

  #row(): string {
    const random = this.#random;
    return `(${random.pick(['1', '2', '3', '4', 'null'])}, ${random.pick(["'x'", "'X'", "'y'", 'null'])}, ${random.pick(['0.5', '1', 'null'])})`;
  }

  #write(): string {
    const random = this.#random;
    const t = this.#table();
    const s = this.#source();
    const n = random.upTo(5);
    return random.weighted([
      [8, `insert into ${t} values ${this.#row()}`],
      [3, `insert into ${t} (b, a) values ('n', ${n}), ('o', ${n + 1})`],
      [3, `insert into ${t} select * from ${s} limit 3`],
      [2, `insert into ${t} by name select a, b from ${s} limit 2`],
      [2, `insert into ${t} values ${this.#row()} returning *`],
      [2, `insert into k1 values ${this.#row()}`],
      [2, `insert or replace into k1 values (${n}, 'r', ${n})`],
      [2, `insert or ignore into k1 values (${n}, 'i', ${n})`],
      [2, `insert into k1 values (${n}, 'u', ${n}) on conflict do update set b = excluded.b, d = k1.d + 1`],
      [1, `insert into k1 select nextval('q2'), 'q', 0`],
      [6, `update ${t} set a = a + 1 where a = ${n}`],
      [3, `update ${t} set b = 'u${n}'`],
      [2, `update ${t} set d = o.d from ${s} o where o.a = ${t}.a`],
      [4, `delete from ${t} where a > 3`],
      [2, `delete from ${t} where a = ${n} returning a`],
      [2, `delete from ${t} using ${s} o where o.a = ${t}.a`],
      [1, `delete from ${t}`],
      [1, `truncate ${t}`],
      [
        2,
        `merge into ${t} using (select ${n} a, 'm' b) o on o.a = ${t}.a when matched then update set b = o.b when not matched then insert (a, b) values (o.a, o.b)`,
      ],
      [1, `merge into ${t} using ${s} o on o.a = ${t}.a when matched then delete returning *`],
      [2, `copy ${t} from '{{DIR}}/c1.csv'`],
      [1, `copy ${t} from '{{DIR}}/p1.parquet'`],
      [1, `insert into ${t} select * from '{{DIR}}/p1.parquet' limit 5`],
      [1, `insert into ${t} select * from read_csv('{{DIR}}/c2.csv') limit 5`],
      [1, `with c as (from ${s} limit 1) insert into ${t} (a) select a from c`],
      [2, `with c as (select a, b, d from ${s} limit 2) insert into ${t} from c`],
      [2, `with c as (select ${n} a) update ${t} set b = 'w' from c where c.a = ${t}.a`],
      [1, `with c as (select ${n} a) delete from ${t} using c where c.a = ${t}.a`],
      [2, 'execute p3'],
      [1, `explain analyze insert into ${t} (a) values (${n})`],
      [1, `explain insert into ${t} (a) values (${n})`],
    ]);
  }

  #define(): string {
    const random = this.#random;
    const t = this.#table();
    const s = this.#source();
    const n = random.upTo(5);
    return random.weighted([
      [5, `create or replace table ${t} as from (values ${this.#row()}, ${this.#row()}) x(a, b, d)`],
      [2, `create table if not exists ${t} as from (values ${this.#row()}) x(a, b, d)`],
      [2, `drop table if exists ${t}; create table ${t}(a int, b varchar, d double default ${n})`],
      [1, `drop table if exists ${t}`],
      [1, `alter table ${t} add column c int default ${n}`],
      [1, `alter table ${t} drop column if exists c`],
      [1, `alter table ${t} rename column b to c`],
      [1, `alter table ${t} rename column c to b`],
      [1, `alter table ${t} alter a type ${random.pick(['bigint', 'int', 'varchar'])}`],
      [1, `alter table ${t} alter d set default ${n}`],
      [4, 'alter table t1 rename to tx; alter table t2 rename to t1; alter table tx rename to t2'],
      [2, 'alter table memory.t2 rename to tx; alter table memory.t1 rename to t2; alter table memory.tx rename to t1'],
      [1, 'create table x1 as from t1'],
      [1, 'alter table x1 rename to t1'],
      [
        3,
        `create or replace view v1 as select a, b, d from ${random.pick(['t1', 't2', 'f.t1', "'{{DIR}}/p1.parquet'"])} where a > ${n - 2}`,
      ],
      [2, `create or replace view v2 as select a, b, d from ${random.pick(['v1', 't2', 'tm()', "query_table('t1')"])}`],
      [1, 'alter view v1 rename to vx; alter view v2 rename to v1; alter view vx rename to v2'],
      [1, 'create or replace view f.v1 as select a + 1 a, b, d from f.t1'],
      [1, `create or replace view vc as from read_csv('{{DIR}}/${random.pick(['c1', 'c2'])}.csv')`],
      [2, `create or replace macro sm(x) as x ${random.pick(['+', '-', '*'])} ${n + 2}`],
      [1, 'create or replace macro sm(x) as x + 1, (x, y) as x + y'],
      [2, `create or replace macro tm() as table select a, b, d from ${random.pick(['t1', 't2', 'v1', 'f.t1'])} where a <> ${n}`],
      [2, `create or replace temp macro sm(x) as x * ${n}`],
      [1, 'drop macro if exists temp.main.sm'],
      [3, `create or replace temp table t1 as from (values ${this.#row()}) x(a, b, d)`],
      [3, 'drop table if exists temp.t1'],
      [2, `create or replace temp view v1 as from ${random.pick(['t2', 'f.t1'])}`],
      [2, 'drop view if exists temp.v1'],
      [1, `create or replace temp table t2 as from ${s} limit ${MAX_COPIED_ROWS}`],
      [1, 'drop table if exists temp.t2'],
      [1, 'drop schema if exists s1 cascade'],
      [2, `create schema if not exists s1; create table if not exists s1.t1 as from (values ${this.#row()}) x(a, b, d)`],
      [1, `comment on table ${t} is 'c${n}'`],
      [1, `create index if not exists i1 on ${t} (a)`],
      [1, 'drop index if exists i1'],
      [1, `create or replace sequence q2 start ${20 + n}`],
      [
        1,
        "drop table if exists e1; drop type if exists mood; create type mood as enum ('y', 'x'); create table e1 as select 'y'::mood a, 'e' b, 0.0 d union all select 'x', 'f', 1",
      ],
      [1, 'checkpoint'],
      [1, 'checkpoint f'],
      [1, 'force checkpoint'],
      [1, 'vacuum'],
      [1, `analyze ${t}`],
      [1, `create or replace table m.t1 as from ${s} limit ${MAX_COPIED_ROWS}`],
      [1, 'call checkpoint()'],
    ]);
  }

  #set(): string {
    const random = this.#random;
    const n = random.upTo(4);
    const [name, values] = random.pick(SETTINGS);
    return random.weighted([
      [6, `set ${name} = ${random.pick(values)}`],
      [2, `set global ${name} = ${random.pick(values)}`],
      [1, `set session ${name} = ${random.pick(values)}`],
      [4, `reset ${name}`],
      [1, `pragma ${name} = ${random.pick(values)}`],
      [4, `set variable x = ${random.pick(['1', '2', '3', "'2'", '2.0', 'null'])}`],
      [2, `set variable tn = '${random.pick(['t1', 't2', 'f.t1', 'v1'])}'`],
      [1, 'set variable x = (select max(a) from t1)'],
      [1, 'reset variable x'],
      [1, `set variable pf = '{{DIR}}/p${random.pick([1, 2])}.parquet'`],
      [3, `use ${random.pick(['f', 'm', 'memory.s1', 'f.s1'])}`],
      [5, 'use memory'],
      [1, `set search_path = '${random.pick(['s1,main', 'main,s1', 'f.s1,memory.main', 'm.main,main'])}'`],
      [1, `set schema = '${random.pick(['s1', 'main'])}'`],
      [2, `prepare p1 as ${random.pick(['from t1 order by all', 'from v1 order by all', 'select count(*) n from t2'])}`],
      [1, 'prepare p2 as select a, b from t1 where a >= $1 order by all'],
      [2, `prepare p3 as ${random.pick(['insert into t1(a) values (1)', 'update t2 set a = a + 1', 'delete from t1 where a > 3'])}`],
      [1, `deallocate ${random.pick(['p1', 'p2', 'p3'])}`],
      [1, `pragma default_null_order = '${random.pick(['nulls last', 'nulls first'])}'`],
      [1, `load ${random.pick(['json', 'parquet', 'missing'])}`],
      [1, 'pragma show_tables'],
      [1, `set threads = 1; set preserve_insertion_order = ${n > 1}`],
    ]);
  }

  #script(): string {
    const random = this.#random;
    const read = this.#read();
    const asked = read.params === undefined && !read.volatile && !read.ignore ? read.sql : 'select 1';
    return random.pick([
      `begin; ${this.#write()}; commit`,
      `begin; ${this.#write()}; rollback`,
      `begin; ${this.#write()}; ${asked}; commit`,
      `begin; ${asked}; ${this.#write()}; select 1 / 0 + error('stop'); commit`,
      `begin; ${this.#define()}; ${asked}; rollback`,
      `begin; ${this.#define()}; commit; ${asked}`,
      `${asked}; ${this.#write()}; ${asked}`,
      `begin; ${asked}; explain analyze commit; ${this.#write()}; ${asked}`,
      `${this.#write()}; ${asked}`,
      `${this.#write()}; select missing; ${asked}`,
      `${this.#set()}; ${asked}`,
      `rollback; ${asked}`,
      `${asked}; ${asked}`,
      `explain analyze begin; ${this.#write()}; ${asked}; rollback`,
      `explain analyze begin; ${this.#write()}; ${asked}; explain analyze commit`,
    ]);
  }

  #attach(): string {
    const random = this.#random;
    return random.pick([
      "use memory; detach f; attach '{{DIR}}/f2.duckdb' as f",
      "use memory; detach f; attach '{{DIR}}/f1.duckdb' as f",
      "use memory; detach f; attach '{{DIR}}/f1.duckdb' as f (read_only)",
      `use memory; detach m; attach ':memory:' as m; create table m.t1 as from (values ${this.#row()}) x(a, b, d)`,
      "detach f; attach '{{DIR}}/f2.duckdb' as f",
      "attach '{{DIR}}/f2.duckdb' as f",
      "attach if not exists '{{DIR}}/f1.duckdb' as f",
      "create or replace table memory.x1 as select 1 a; attach ':memory:' as z; copy from database f to z; detach z",
    ]);
  }

  #file(): Act {
    const random = this.#random;
    const s = this.#source();
    const n = random.upTo(3);
    const copied = this.#random.pick([
      `(select a, b, d from ${s} limit ${MAX_COPIED_ROWS})`,
      `(from (values ${this.#row()}) x(a, b, d))`,
      `(from (values ${this.#row()}) x(a, b, d))`,
    ]);
    return random.weighted<Act>([
      [6, { sql: `copy ${copied} to '{{DIR}}/p${random.pick([1, 2])}.parquet'` }],
      [3, { sql: `copy ${copied} to '{{DIR}}/gx${n}.parquet'` }],
      [4, { sql: `copy ${copied} to '{{DIR}}/c${random.pick([1, 2])}.csv'` }],
      [2, { sql: `copy ${copied} to '{{DIR}}/j1.json'` }],
      [
        1,
        {
          sql: `copy (select ${n} k, a, b, d from ${s} limit ${MAX_COPIED_ROWS}) to '{{DIR}}/h' (format parquet, partition_by (k), overwrite_or_ignore)`,
        },
      ],
      [1, { sql: 'copy (select 1 a) to \'{{DIR}}/w.parquet\'; create table if not exists "{{DIR}}/w.parquet" as select 2 a' }],
      [3, changes('append to c1.csv', (folder) => appendFileSync(join(folder, 'c1.csv'), `${n},w,0.25\n`))],
      [2, changes('append to j1.json', (folder) => appendFileSync(join(folder, 'j1.json'), `{"a":${n},"b":"w","d":0.25}\n`))],
      [2, changes('remove a gx file', (folder) => rmSync(join(folder, `gx${n}.parquet`), { force: true }))],
      [1, changes('exchange p1 and p2', exchangeFiles)],
      [1, changes('make p1 a link to p2', linkFiles)],
      [1, changes('damage c2.csv', (folder) => writeFileSync(join(folder, 'c2.csv'), 'a,b,d\n1,"x'))],
    ]);
  }
}

function changes(what: string, change: (folder: string) => void): Act {
  return { sql: `-- files: ${what}`, change };
}

function exchangeFiles(folder: string): void {
  const [one, two] = [join(folder, 'p1.parquet'), join(folder, 'p2.parquet')];
  if (!['p1.parquet', 'p2.parquet'].every((name) => readdirSync(folder).includes(name))) return;
  renameSync(one, join(folder, 'p.tmp'));
  renameSync(two, one);
  renameSync(join(folder, 'p.tmp'), two);
}

function linkFiles(folder: string): void {
  rmSync(join(folder, 'p1.parquet'), { force: true });
  symlinkSync('p2.parquet', join(folder, 'p1.parquet'));
}
