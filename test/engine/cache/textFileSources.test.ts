import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  buildCatalogView,
  type CatalogView,
  FOREIGN_QUERY,
  MACROS_QUERY,
  RELATIONS_QUERY,
  selectOfView,
} from '../../../engine/cache/catalogView.ts';
import { type FunctionNames, MISLABELLED_FUNCTIONS } from '../../../engine/cache/planFacts.ts';
import { readSyntaxTree } from '../../../engine/cache/syntaxTree.ts';
import { findSources, type SourcesVerdict } from '../../../engine/cache/textFileSources.ts';
import { openEngine } from '../../../engine/engine.ts';
import type { Engine, Session } from '../../../engine/types.ts';
import { withSession } from '../../support/engines.ts';

const SET_UP = `
  create table t (a int, b int);
  create table shadowed (a int);
  create table computed (a int, b double generated always as (random()));
  create schema x;
  create table x.csv (k int);
  create view "named.csv" as select 1 a;
  create view over_csv as select * from 'inner.csv';
  create view over_view (k) as with c as (select * from over_csv) select c.a from c join t using (a);
  create view rolling as select random() r;
  create view rows_of_t as select rowid r from t;
  create view pivoted as pivot t on a in (1, 2) using sum(b);
  create view "odd "" as (name" ("as (") as select 1 as "as", 2 from 'odd.csv';
  create temp view temporary as from 'temporary.csv';
  create macro plain(v) as lower(v) || 'x';
  create macro hidden(v) as v + random();
  create macro deeper(v) as hidden(v) + 1;
  create macro forever(v) as 1;
  create macro around(v) as forever(v);
  create or replace macro forever(v) as around(v);
  create sequence s;
  create macro writes(v) as nextval('s');
  create macro reads(p) as table select * from read_csv(p);
  create macro fixed(p) as table select * from 'fixed.csv' where a = p;
  create macro counts() as (select count(*) from 'counted.csv');
`;

async function rows(session: Session, sql: string): Promise<unknown[][]> {
  const result = await session.run(sql);
  const all = await result.page(0, result.rowCount);
  result.release();
  return all as unknown as unknown[][];
}

async function syntaxTree(session: Session, sql: string): Promise<string> {
  const result = await session.run(
    'select json_serialize_sql($1::varchar, skip_null := true, skip_empty := true, skip_default := true)',
    [sql],
    { useCache: false },
  );
  const [row] = await result.page(0, 1);
  result.release();
  return String(row?.[0]);
}

async function builtInFunctions(session: Session): Promise<FunctionNames> {
  const all = await rows(
    session,
    "select function_name, bool_and(stability = 'CONSISTENT') from duckdb_functions() where function_type in ('scalar', 'aggregate') and internal group by all",
  );
  const pure = new Set(all.filter(([, consistent]) => consistent === true).map(([name]) => String(name)));
  for (const name of MISLABELLED_FUNCTIONS) pure.delete(name);
  return { pure, known: new Set(all.map(([name]) => String(name))) };
}

/** Files that views are made over: DuckDB looks into them then. */
const FILES = ['inner', 'odd', 'temporary', 'fixed', 'counted'];

/** One session after the set-up, for all statements: none of them is run. */
class Judge {
  readonly #engine: Engine;
  readonly #session: Session;
  readonly #functions: FunctionNames;
  readonly #catalog: CatalogView;

  private constructor(engine: Engine, session: Session, functions: FunctionNames, catalog: CatalogView) {
    this.#engine = engine;
    this.#session = session;
    this.#functions = functions;
    this.#catalog = catalog;
  }

  static async open(setUp: string): Promise<Judge> {
    const folder = mkdtempSync(join(tmpdir(), 'kodiak-sources-'));
    for (const name of FILES) writeFileSync(join(folder, `${name}.csv`), 'a\n1\n');
    const engine = await openEngine();
    const session = await engine.openSession({ cwd: folder });
    const functions = await builtInFunctions(session);
    for (const result of await session.runAll(setUp)) result.release();
    rmSync(folder, { recursive: true });
    const [relations, macros, foreign] = [
      await rows(session, RELATIONS_QUERY),
      await rows(session, MACROS_QUERY),
      await rows(session, FOREIGN_QUERY),
    ];
    return new Judge(engine, session, functions, buildCatalogView(relations, macros, foreign));
  }

  async verdictOn(sql: string): Promise<SourcesVerdict> {
    return await findSources(sql, this.#catalog, this.#functions, (text) => syntaxTree(this.#session, text));
  }

  async close(): Promise<void> {
    await this.#engine.close();
  }
}

let judge: Judge;
beforeAll(async () => {
  judge = await Judge.open(SET_UP);
});
afterAll(async () => {
  await judge.close();
});

function describeVerdict(verdict: SourcesVerdict): string {
  if (verdict.kind === 'refused') return `${verdict.harmless ? 'harmless' : 'refused'}: ${verdict.reason}`;
  const tables = verdict.tables.map(({ catalog, schema, table }) => `${catalog}.${schema}.${table}`.replace('memory.main.', ''));
  const views = verdict.views.map((name) => `${name.replace('memory.main.', '')}()`);
  return [...verdict.patterns, ...tables, ...views].sort().join(' ');
}

it.each([
  ["from 'a.csv'", 'a.csv'],
  ['from "a.tsv"', 'a.tsv'],
  ['from b.csv', 'b.csv'],
  ['from "d/b".json', 'd/b.json'],
  ["from 'A.CSV' t where lower(x) = 'y'", 'A.CSV'],
  ["select count(*) from 'a.ndjson.gz' group by all having count(*) > 1", 'a.ndjson.gz'],
  ["from 'part-*.csv.zst' order by all limit 3", 'part-*.csv.zst'],
  ["from 'a.parquet' join 'b.jsonl' using (id)", 'a.parquet b.jsonl'],
  ["from read_csv('a.txt')", 'a.txt'],
  ["from read_csv(['a.txt', 'b.txt'], header = true)", 'a.txt b.txt'],
  ["from read_csv(array['a.txt'])", 'a.txt'],
  ["from read_csv('a.txt', columns = {'a': 'int', 'b': 'varchar'}, auto_detect := false, delim => ';')", 'a.txt'],
  ["from read_csv('y=*/*.csv', hive_partitioning = true, union_by_name = true, filename = true)", 'y=*/*.csv'],
  ["from read_csv_auto('a.csv.gz', compression = 'gzip', ignore_errors = true, nullstr = ['', 'NA'], skip = -1 + 2)", 'a.csv.gz'],
  ["from read_json('a.json', format = 'array', maximum_depth = 2), read_ndjson_objects('b.json')", 'a.json b.json'],
  ["from read_parquet('p/**/*.parquet', hive_partitioning = true), parquet_scan(['q'])", 'p/**/*.parquet q'],
  ["select size from read_blob('a.bin'), read_text('b.md')", 'a.bin b.md'],
  ["from 'a.csv', t", 'a.csv t'],
  ["from 'a.csv' where a in (select a from t where exists (from 'b.csv'))", 'a.csv b.csv t'],
  ["from 'a.csv' union all by name (from 'b.csv' except from 'c.csv')", 'a.csv b.csv c.csv'],
  ["with c as (from 'a.csv') from c", 'a.csv'],
  [
    "with c as materialized (from 'a.csv'), d as (select * from c) select (select max(a) from d), * exclude (a) replace (b + 1 as b) from c",
    'a.csv',
  ],
  // A name that a CTE and a table share may mean either.
  ["with shadowed as (from 'a.csv') from shadowed", 'a.csv shadowed'],
  ['with "a.csv" as (select 1) from \'a.csv\'', 'a.csv'],
  ["with recursive r as (select a from 'a.csv' union all select a + 1 from r where a < 9) from r", 'a.csv'],
  [
    "with recursive r(a) using key (a) as (select 1 union select r.a + 1 from r join recurring.r q using (a) where r.a < 3) from r, 'a.csv'",
    'a.csv',
  ],
  ['from over_csv', 'inner.csv over_csv()'],
  ["from main.over_view join 'a.csv' on true", 'a.csv inner.csv over_csv() over_view() t'],
  ['from memory.main.over_view', 'inner.csv over_csv() over_view() t'],
  ['from "odd "" as (name"', 'odd " as (name() odd.csv'],
  ['from temporary', 'temp.main.temporary() temporary.csv'],
  ["from pivoted, 'a.csv'", 'a.csv pivoted() t'],
  // The view counts, and so does the file: the session may not look where the view is.
  ["from 'named.csv'", 'named.csv named.csv()'],
  ['from x.csv', 'memory.x.csv x.csv'],
  ["select plain(a), counts() from 'a.csv'", 'a.csv counted.csv'],
  ['from fixed(3)', 'fixed.csv'],
  ["select forever(1) from 'a.csv'", 'a.csv'],
  [
    "select list_sum(l), date_add(d, i), nullif(a, b), split_part(c, ',', 1), list_reverse(l), user, json_group_array(a) from 'a.csv'",
    'a.csv',
  ],
  ["select l.list_transform(lambda e: e + 1), [e * 2 for e in l if e > 1], l[1:2], l[1], s.f, s['f'], {'a': 1}.a from 'a.json'", 'a.json'],
  [
    "select sum(x) over w, lag(a, 1) over (order by b rows between 1 preceding and current row), count(distinct a) filter (where b) from 'a.csv' window w as (partition by a) qualify row_number() over () = 1",
    'a.csv',
  ],
  [
    "select case when a between 1 and 2 then b end, try_cast(a as int), a::timestamptz at time zone 'UTC', a like 'x%' escape '!', a similar to 'y', extract(year from d), coalesce(a, 1), not a, a in (1, 2), a is null, try(a), interval (a) day from 'a.csv'",
    'a.csv',
  ],
  ["select columns(c -> c like 'a%'), *columns('b.*'), unnest(l), grouping(a) from 'a.csv' group by grouping sets ((a), (a, b))", 'a.csv'],
  ["select distinct on (a) a, #1 from 'a.csv' order by a collate nocase desc nulls last limit 10% offset 2", 'a.csv'],
  ["from 'a.csv' positional join 'b.csv'", 'a.csv b.csv'],
  ["from 'a.csv' c semi join t on c.a = t.a natural join shadowed asof join 'b.csv' d on c.a >= d.a", 'a.csv b.csv shadowed t'],
  ["from 'a.csv' c, lateral (select c.a + 1), unnest(c.l), range(c.a), json_each(c.j)", 'a.csv'],
  ["from 'a.csv', range(3), generate_series(1, 2 + 3), repeat('x', 2), (values (1, 'b')) v(a, b)", 'a.csv'],
  ["pivot 'a.csv' on a in (1, 2) using sum(b) group by c", 'a.csv'],
  ["from 'a.csv' pivot (sum(b) for a in (1) group by c)", 'a.csv'],
  ["unpivot 'a.csv' on columns(* exclude (a)), b + 1 into name n value v", 'a.csv'],
  ["from 'a.csv' unpivot include nulls ((p, q) for n in ((c, d) as x, (e, f)))", 'a.csv'],
  ["summarize 'a.csv'", 'a.csv'],
  ["describe select * from 'a.csv'", 'a.csv'],
  ["select $1, a from 'a.csv' where b = $2 limit $3", 'a.csv'],
  ['select 1', ''],
  ['from t', 't'],
])('finds the sources of %s', async (sql, expected) => {
  expect(describeVerdict(await judge.verdictOn(sql))).toBe(expected);
});

it.each([
  // What can be different each time.
  ["select random() from 'a.csv'", 'harmless: random() can give another value each time'],
  ["select now(), a from 'a.csv'", 'harmless: now()'],
  ["select current_date from 'a.csv'", 'harmless: current_'],
  ["select a from 'a.csv' where d < LOCALTIMESTAMP", 'harmless: current_localtimestamp()'],
  ["pivot 'a.csv' on a in (1) using sum(b) group by current_date", 'harmless: current_'],
  ["select getvariable('v') from 'a.csv'", 'harmless: getvariable()'],
  ["select list_transform(l, x -> x + random()) from 'a.csv'", 'harmless: random()'],
  ["select sum(a) over (order by b rows between random()::int preceding and current row) from 'a.csv'", 'harmless: random()'],
  ["select sum(a order by random()) from 'a.csv'", 'harmless: random()'],
  ["select columns(c -> random() > 0.5) from 'a.csv'", 'harmless: random()'],
  ["from 'a.csv' limit random()", 'harmless: random()'],
  ["from 'a.csv' order by random()", 'harmless: random()'],
  ["select * replace (random() as a) from 'a.csv'", 'harmless: random()'],
  ["from 'a.csv', (values (random()))", 'harmless: random()'],
  ["from 'a.csv', range((random() * 3)::int)", 'harmless: random()'],
  ["from 'a.csv' natural join (with c as (select uuid() u) from c)", 'harmless: uuid()'],
  ["pivot 'a.csv' on a in (1) using sum(random())", 'harmless: random()'],
  ["unpivot 'a.csv' on a, random() into name n value v", 'harmless: random()'],
  ["describe select random() from 'a.csv'", 'harmless: random()'],
  ["select hidden(a) from 'a.csv'", 'harmless: random()'],
  ["select main.deeper(a) from 'a.csv'", 'harmless: random()'],
  ["from rolling, 'a.csv'", 'harmless: random()'],
  ["select ago(i) from 'a.csv'", 'harmless: get_current_timestamp()'],
  ["from computed, 'a.csv'", 'harmless: computed has computed columns'],
  ["from 'a.csv' using sample 3", 'harmless: it takes a sample'],
  ["from 'a.csv' tablesample reservoir(10) repeatable (3)", 'harmless: it takes a sample'],
  ["select rowid from 'a.csv', t", 'harmless: it reads rowid'],
  ["from t join shadowed using (rowid), 'a.csv'", 'harmless: it reads rowid'],
  ["from rows_of_t, 'a.csv'", 'harmless: it reads rowid'],
  ['pivot t on a in (1) using sum(b) group by ROWID', 'harmless: it reads rowid'],
  ["from duckdb_tables(), 'a.csv'", 'harmless: it reads duckdb_tables()'],
  ["from information_schema.tables, 'a.csv'", 'harmless: it reads tables'],
  ["from glob('*.csv')", 'harmless: it reads glob()'],
  ['show tables', 'harmless: it reads the catalog'],
  ["select json_serialize_plan('from ''a.csv''')", 'harmless: json_serialize_plan()'],
  // Paths that are not written down.
  ["from read_csv('a' || '.csv')", 'harmless: the path in read_csv()'],
  ["from read_csv(lower('a.csv'))", 'harmless: the path in read_csv()'],
  ["from read_csv(['a.csv', 'b' || '.csv'])", 'harmless: the path in read_csv()'],
  ["from read_csv('a.csv'::varchar)", 'harmless: the path in read_csv()'],
  ["from read_csv(getvariable('path'))", 'harmless: the path in read_csv()'],
  ['from read_csv($1)', 'harmless: the path in read_csv()'],
  ['from read_csv([])', 'harmless: the path in read_csv()'],
  ["from read_csv('')", 'harmless: the path in read_csv()'],
  ["from reads('a.csv')", 'harmless: the path in read_csv()'],
  ["from 'https://example.org/a.csv'", 'harmless: it reads a remote file'],
  ["from read_json(['a.json', 's3://b/c.json'])", 'harmless: it reads a remote file'],
  ["from read_parquet('hf://datasets/a/b.parquet')", 'harmless: it reads a remote file'],
  ["from 'file:///tmp/a.csv'", 'harmless: it reads a remote file'],
  // What can change something, or is not known.
  ["select nextval('s') from 'a.csv'", 'refused: nextval() changes something'],
  ["select setseed(0.5), random() from 'a.csv'", 'refused: setseed() changes something'],
  ["select write_log('x') from 'a.csv'", 'refused: write_log() changes something'],
  ["select writes(a) from 'a.csv'", 'refused: nextval() changes something'],
  ["select nothing_known(a) from 'a.csv'", 'refused: the function nothing_known() is not known'],
  ["from read_csv('a.csv', store_rejects = true)", 'refused: read_csv(store_rejects)'],
  ["from read_csv('a.csv', rejects_table := 'r')", 'refused: read_csv(rejects_table)'],
  ["from read_csv('a.csv', REJECTS_SCAN = 'r')", 'refused: read_csv(rejects_scan)'],
  ["from read_parquet('a.parquet', encryption_config = {footer_key: 'k'})", 'refused: read_parquet(encryption_config)'],
  ["from query('select * from ''a.csv''')", 'refused: it reads query()'],
  ["from query_table(['t'])", 'refused: it reads query_table()'],
  ['from checkpoint()', 'refused: it reads checkpoint()'],
  ['from enable_logging()', 'refused: it reads enable_logging()'],
  ["from read_duckdb('a.db')", 'refused: it reads read_duckdb()'],
  ["from 'a.db'", 'refused: a.db is not known'],
  ["from 'a.xlsx'", 'refused: a.xlsx is not known'],
  ['from nowhere', 'refused: nowhere is not known'],
  // A CTE of the statement is not one of the view's.
  ["with nowhere as (select 1) select * from other.nowhere, 'a.csv'", 'refused: other.nowhere is not known'],
  ['from t at (version => 1)', 'refused: at_clause in ref BASE_TABLE is not known'],
  ["select default from 'a.csv'", 'refused: expr DEFAULT is not known'],
  ["pivot 'a.csv' on a using sum(b)", 'refused: DuckDB gives no syntax tree for it'],
  ["insert into t from 'a.csv'", 'refused: DuckDB gives no syntax tree for it'],
  ["copy t to 'a.csv'", 'refused: DuckDB gives no syntax tree for it'],
  ["from 'a.csv'; drop table t", 'refused: DuckDB gives no syntax tree for it'],
  ["from 'a.csv'; from 'b.csv'", 'refused: DuckDB gives no syntax tree for it'],
  ["frm 'a.csv'", 'refused: DuckDB gives no syntax tree for it'],
])('refuses %s', async (sql, expected) => {
  expect(describeVerdict(await judge.verdictOn(sql))).toContain(expected);
});

it.each([
  ['create macro lower(v) as random()::varchar', "select lower(a) from 'a.csv'"],
  ['create temp macro avg(v) as random()', "summarize 'a.csv'"],
  ['create macro array_extract(l, i) as random()', "select l[1] from 'a.csv'"],
  ['create macro user() as random()', "select user from 'a.csv'"],
  ['create macro list_sum(l) as random()', "select list_sum(l) from 'a.csv'"],
  ['create macro read_csv(p) as table select random()', "from read_csv('a.csv')"],
])('sees that %s changes %s', async (macro, sql) => {
  const judge = await Judge.open(macro);
  try {
    expect(describeVerdict(await judge.verdictOn(sql))).toBe('harmless: random() can give another value each time');
  } finally {
    await judge.close();
  }
});

it('reads every macro and every view that DuckDB brings', { tags: ['slow'] }, async () => {
  await withSession(async (session) => {
    const macros = await rows(session, MACROS_QUERY);
    for (const [name, type, , definition] of macros) {
      const { refusals } = readSyntaxTree(await syntaxTree(session, type === 'macro' ? `select (${definition})` : String(definition)));
      expect({ name, refusals }).toEqual({ name, refusals: [] });
    }
    for (const [name, sql] of await rows(session, 'select view_name, sql from duckdb_views() where internal')) {
      const { refusals } = readSyntaxTree(await syntaxTree(session, String(selectOfView(String(sql)))));
      expect({ name, refusals }).toEqual({ name, refusals: [] });
    }
  });
});

it('refuses while a database of another kind is attached', async () => {
  const catalog = buildCatalogView([], [], [[1n]]);
  const verdict = await withSession(async (session) => {
    const functions = await builtInFunctions(session);
    return await findSources("from 'a.csv'", catalog, functions, (text) => syntaxTree(session, text));
  });
  expect(verdict).toEqual({ kind: 'refused', reason: 'a database of another kind is attached', harmless: true });
});
