import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameResolver } from '../../../engine/sql/resolveNames.ts';
import { innermostBlock } from '../../../engine/sql/scopeTree.ts';
import { SqlScript } from '../../../engine/sql/sqlScript.ts';
import { cursor, lookupOf } from '../../support/sqlCursor.ts';

const CORPUS = [
  'with recursive r(n) as (select 1 union all select n + 1 from r where n < 5), q as materialized (from r) select sum(n) over (partition by n order by n rows between 1 preceding and current row) as s, * exclude (n) replace (s as n) from q, lateral (select q.n) z where exists (select 1 from q x where x.n = q.n) group by all having count(*) filter (where n > 1) > 2 qualify row_number() over w = 1 window w as (order by n) order by s desc nulls last limit 10 offset 2',
  "from 'data/*.parquet' t join (values (1, 'a'), (2, 'b')) v(id, name) using (id) left join b on t.id = b.id and b.x is not distinct from t.y select t.*, v.name::varchar(10)[], {'k': t.a, b: [x * 2 for x in t.list if x > 1]}, list_transform(t.l, lambda x, i: x + i), list_filter(l, x -> x > 1)",
  'merge into t as a using (select * from s) b on a.id = b.id when matched and b.x > 1 then update set x = b.x when not matched then insert (id, x) values (b.id, b.x) returning merge_action, *',
  'insert or replace into main.t (a, b) by position select a, b from s on conflict (a) do update set b = excluded.b where t.b < 3 returning *',
  'update t set a = (select max(x) from s where s.id = t.id), b = default from u where u.id = t.id; delete from t using s where t.id = s.id',
  'create or replace table x (id integer primary key, c integer references y(id), s struct(a int, b varchar[]), check (id > 0), foreign key (c) references y (id)); create macro f(a, b := 2) as a + b; create view v(p, q) as select 1, 2',
  "pivot orders on status in ('new', 'paid') using sum(total) as s, count(*) as n group by customer_id order by 1; unpivot m on a, b into name n value v; from t pivot (sum(x) for y in ('a', 'b') group by z) p; from t unpivot (v for n in (a, b))",
  "select case when a then b else c end, extract(year from d), substring(s from 1 for 2), trim(both 'x' from s), interval 3 day, date '2020-01-01', d at time zone 'UTC', cast(x as decimal(10, 2)), x: 1, array[1, 2][1:2] from t tablesample 10% union by name (select 1 order by 1) intersect all select 2",
  'select \'open\nfrom t;\n.mode csv\nselect "Total €", 😀.é from "a""b"."c" where $1 = ? and $name > 0x1F -- end',
];

/** Queries in which an expression is being written. */
const UNCLOSED = [
  'select o.id, total * 2 as d from orders o join customers c on o.customer_id = c.id join x on x.a = o.id where o.total > 1 and c.name is not null group by o.id having max(total) > 1 order by d desc limit 3',
  'select (select max(o.total) from orders o where o.customer_id = c.id and o.total > 1) as m, c.name as n from customers c where exists (select 1 from orders p where p.customer_id = c.id) order by m',
  'with t as (select a + b as s from x where c > 1), u as (select s, s * 2 as z from t) select u.z as q, t.s from u join t using (s) qualify row_number() over (order by u.z) = 1',
  'update x set a = b + 1 from orders o where o.id = x.a; delete from orders using customers c where c.id = orders.customer_id',
  'from orders o select o.id as k, case when o.total > 1 then o.status else o.id end as s where o.status = 1',
];

/** Names of the sources that are seen at an offset, with how far out they stand. */
function sourcesAt(text: string, offset: number): string {
  const script = new SqlScript([text]);
  const statement = script.statementAt(offset);
  const block = statement && innermostBlock(statement, offset);
  const seen = block ? new NameResolver(script, lookupOf()).visibleSources(block) : [];
  return seen.map(({ source, level }) => `${level} ${source.alias?.text ?? source.parts.at(-1)?.text}`).join();
}

describe('a scope tree', () => {
  it.each([
    ['select /*|*/ from orders o', 'o[id,customer_id,total,status]'],
    ['with t as (select * exclude (b) rename (c as d) from x) select /*|*/ from t', 't[a,d]'],
    ['with t as (select a, from x where ) select t./*|*/ from t', 't[a]'],
    ['with recursive r(n) as (select 1 union all select r./*|*/ from r) from r', 'r[n]'],
    ['select (select max(x./*|*/) from customers x where x.id = o.id) from orders o', 'x[id,name,address] o[id,customer_id,total,status]'],
    ["select s./*|*/ from (pivot orders on status in ('new') using sum(total)) s", 's[id,customer_id,new]'],
    ["select /*|*/ from orders pivot (sum(total) as t for status in ('a', 'b') group by id) p", 'p[id,a_t,b_t]'],
    ['select /*|*/ from (unpivot x on a, b into name n value v) u', 'u[c,n,v]'],
    ['insert into x values (1) on conflict (a) do update set a = excluded./*|*/', 'x[a,b,c] excluded[a,b,c]'],
    ['create table n as select a, b as q from x; select n./*|*/ from n', 'n[a,q]'],
    ["select 'abc/*|*/\nfrom x", 'x[a,b,c]'],
    ['.mode csv\nselect c./*|*/ from customers c', 'c[id,name,address]'],
    ['select c./*|*/ from customers c\n\nselect 1', 'c[id,name,address]'],
    ['select * from (select a as k from x) q, lateral (select q./*|*/) z', 'q[k]'],
    ['select * from x, (select /*|*/) z, orders', 'x[a,b,c]'],
    ['select /*|*/ from (values (1, 2)) v(p, q)', 'v[p,q]'],
    ['select sum(/*|*/ from x where a > 1', 'x[a,b,c]'],
    ['with t as (select a from x union select b from x) select * from t where /*|*/', 't[a]'],
    ['with t as (select sum(/*|*/ from x) select 1 from orders', 'x[a,b,c]'],
    ['from x y select /*|*/ where a > 1', 'y[a,b,c]'],
    [
      'select * from x a join (orders b join customers c on b.id = c.id) on /*|*/',
      'a[a,b,c] b[id,customer_id,total,status] c[id,name,address]',
    ],
    ['delete from orders using customers c where /*|*/', 'orders[id,customer_id,total,status] c[id,name,address]'],
    ['merge into x using orders s on /*|*/', 'x[a,b,c] s[id,customer_id,total,status]'],
    ['update x set a = 1 from orders where /*|*/', 'x[a,b,c] orders[id,customer_id,total,status]'],
    ['create macro m(k) as table select * from x where /*|*/', 'x[a,b,c]'],
    ['explain analyze select /*|*/ from x', 'x[a,b,c]'],
    ['select /*|*/ from x as of_x', 'of_x[a,b,c]'],
    ['select a from x where a in (select /*|*/ from orders)', 'orders[id,customer_id,total,status] x[a,b,c]'],
    ['select * from x p, q: orders where /*|*/', 'p[a,b,c] q[id,customer_id,total,status]'],
  ])('%s', (marked, expected) => {
    const { text, offset } = cursor(marked);
    const script = new SqlScript([text]);
    const resolver = new NameResolver(script, lookupOf());
    const statement = script.statementAt(offset);
    const block = statement && innermostBlock(statement, offset);
    const seen = (block ? resolver.visibleSources(block) : []).map(({ source, block: own }) => {
      const columns = resolver.sourceColumns(source, own)?.map(({ name }) => name);
      return `${source.alias?.text ?? source.parts.at(-1)?.text}[${columns?.join(',')}]`;
    });
    expect(seen.join(' ')).toBe(expected);
  });

  it('parts statements that have no semicolon between them', () => {
    const count = (text: string) => new SqlScript([text]).statements().length;
    expect(count('select a from t\nselect b from u')).toBe(2);
    expect(count('select a from t\n\ninsert into t values (1)')).toBe(2);
    expect(count('with a as (select 1)\n\nselect * from a\n\nfrom b')).toBe(2);
    expect(count('select a\n\nfrom t\n\nwhere x\n\nunion\n\nselect 1')).toBe(1);
    expect(count('insert into t\n\nselect 1')).toBe(1);
    expect(count('create table t as\n\nselect 1')).toBe(1);
  });

  const check = (text: string) => {
    const script = new SqlScript([text]);
    const resolver = new NameResolver(script, lookupOf());
    // Hundreds of thousands of comparisons: one expectation for each would take longer than all that is tested.
    const wrong: unknown[] = [];
    const expectInside = (inner: { start: number; end: number }, outer: { start: number; end: number }) => {
      if (inner.start < outer.start || inner.end > outer.end) wrong.push({ text, inner, outer });
    };
    let last = 0;
    for (const statement of script.statements()) {
      expectInside(statement, { start: last, end: text.length });
      last = statement.start;
      for (const block of statement.blocks) {
        expectInside(block, statement);
        if (block.query.outer) expectInside(block, block.query.outer);
        for (const source of block.sources) resolver.sourceColumns(source, block);
        for (const reference of block.references) {
          if (reference.start > reference.end || reference.end > text.length) wrong.push({ text, reference });
          if (resolver.meanings(reference, block).length > reference.parts.length) wrong.push({ text, meanings: reference });
        }
      }
    }
    expect(wrong).toEqual([]);
  };

  it.each([
    'coalesce(',
    '[',
    "{'a': ",
    'cast(',
    'x in (1, ',
    'f(1, g(2, ',
    'sum(1) over (partition by ',
    'count(*) filter (where ',
    'extract(year from max(',
    'list_transform(x, lambda y: ',
  ])('has the same sources where %j is opened and not closed', (opened) => {
    const missed: string[] = [];
    for (const text of UNCLOSED) {
      for (const { kind, start } of new SqlScript([text])
        .statements()
        .flatMap(({ blocks }) => blocks.flatMap(({ references }) => references))) {
        if (kind !== 'column') continue;
        const half = text.slice(0, start) + opened + text.slice(start);
        if (sourcesAt(half, start + opened.length) !== sourcesAt(text, start)) missed.push(half);
      }
    }
    expect(missed).toEqual([]);
  });

  it('exists for every prefix of every statement, with ranges inside of one another', { tags: ['slow'] }, () => {
    for (const text of CORPUS) for (let length = 0; length <= text.length; length++) check(text.slice(0, length));
  });

  it('exists for any text', { tags: ['slow'] }, () => {
    const piece = fc.constantFrom(...CORPUS.join(' ').split(/\b/), ...'()[]{},.;:*\'"\n$-'.split(''));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => check(pieces.join(' '))),
      { numRuns: 400 },
    );
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 80 }), check));
  });

  it('exists for brackets that are nested deeper than any stack', () => {
    check(`select ${'('.repeat(5000)}1${')'.repeat(5000)} from t`);
    check(`select ${'f('.repeat(5000)}`);
    check(`${'(select '.repeat(5000)}1`);
    check('select * from ('.repeat(3000));
    check(`select ${'[{a: '.repeat(3000)}`);
  });
});
