import { describe, expect, it } from 'vitest';
import { complete } from '../../../server/language/completion/complete.ts';
import { markedDocument } from '../../support/languageCatalog.ts';

const FOLDERS: Readonly<Record<string, readonly { name: string; folder: boolean }[]>> = {
  '': [
    { name: 'data', folder: true },
    { name: 'readme.md', folder: false },
    { name: 'sales.csv', folder: false },
  ],
  'data/': [{ name: "o'hara.parquet", folder: false }],
};

async function completions(marked: string) {
  const { document, offset } = await markedDocument(marked);
  return await complete(document, offset, async (path) => FOLDERS[path] ?? []);
}

/** Expects the labels, and none of those that follow a `!`. */
async function checkCompletion(marked: string, expected: string): Promise<void> {
  const { items } = await completions(marked);
  const labels = items.map(({ label }) => label);
  for (const label of expected.split(';').map((text) => text.trim())) {
    if (label.startsWith('!')) expect(labels).not.toContain(label.slice(1));
    else if (label === 'nothing') expect(labels).toEqual([]);
    else expect(labels).toContain(label);
  }
}

/** Expects what is inserted for a label, and where it goes, to give the text. */
async function checkInsert(marked: string, label: string, expected: string): Promise<void> {
  const { document } = await markedDocument(marked);
  const { items, start, end } = await completions(marked);
  const item = items.find((candidate) => candidate.label === label);
  let text = document.script.text;
  if (item?.also) text = text.slice(0, item.also.offset) + item.also.text + text.slice(item.also.offset);
  expect(item && text.slice(0, start) + item.insert + text.slice(end)).toBe(expected);
}

describe('completion', () => {
  it.each([
    // Columns of the right source.
    ['select /*|*/ from orders', 'total; status; orders; *; !email'],
    ['select o./*|*/ from orders o', 'total; status; customer_id; !email; !sum; !SELECT'],
    ['SELECT o./*|*/\nFROM orders o WHERE total > 1', 'total; !email'],
    ['select sum(/*|*/ from orders where total > 1', 'total; !email'],
    ['from orders o select o./*|*/ where', 'total'],
    ['with t as (select id as k, total from orders) select /*|*/ from t', 'k; total; t; !status'],
    ['with t as (select id as k, from orders where ) select t./*|*/ from t', 'k; !total'],
    ['with t as (select * exclude (status) rename (total as sum_total) from orders) select /*|*/ from t', 'sum_total; id; !status; !total'],
    ['with recursive r(n) as (select 1 union all select r./*|*/ from r) from r', 'n'],
    ['select * from (select id as k from orders) q where q./*|*/', 'k; !id'],
    ['select (select max(x./*|*/) from customers x where x.id = o.id) from orders o', 'email; !total'],
    ['select (select max(/*|*/) from customers x) from orders o', 'email; total'],
    ["select s./*|*/ from (pivot orders on status in ('new') using sum(total)) s", 'new; customer_id; !total'],
    ["select '😀' || na/*|*/ from customers", 'name'],
    ['select a.from/*|*/ from orders a', 'nothing'],
    ["select t./*|*/ from 'sales.csv' t", 'region'],
    ["select /*|*/ from read_csv('sales.csv')", 'region'],
    ['select c.address./*|*/ from customers c', 'city; zip; !name'],
    ['select address.ci/*|*/ , c.address.zip from customers c', 'city; !zip'],
    ['select email.up/*|*/ from customers', 'upper'],
    ['select list_transform(tags, lambda t: t./*|*/) from customers', 'upper; !name'],
    ['select list_transform(tags, lambda one: /*|*/) from customers', 'one'],
    ['select [el/*|*/ for element in tags] from customers', 'element'],
    ['select total * 2 as d, d/*|*/ + 1 from orders', 'd'],
    ['select total * 2 as d from orders where total > 1 order by /*|*/', 'd; total; ALL'],
    ['select * exclude (id, /*|*/) from orders', 'total; !email'],
    ['select customers.na/*|*/ from customers', 'name'],
    ['select c.na/*|*/ from customers c\n\nselect 1', 'name'],
    ['.mode csv\nselect c./*|*/ from customers c', 'name'],
    ["select 'abc\nfrom orders o where o./*|*/", 'total'],
    ['select staging.orders./*|*/ from staging.orders', 'raw_id; !total'],
    ['use staging; select orders./*|*/ from orders', 'raw_id; !total'],
    ['create table n as select id as k from orders; select n./*|*/ from n', 'k; !id'],
    ['create table n (k integer, "b c" varchar);%%select /*|*/ from n', 'k; b c'],
    ['select /*|*/ from orders join items on true', 'total; qty'],
    // Tables and joins.
    ['select * from /*|*/', 'orders; customers; read_csv; staging; other; !total; !WHERE'],
    ['with t as (select 1) select * from /*|*/', 't; orders'],
    ['select * from staging./*|*/', 'orders; !customers'],
    ['select * from other./*|*/', 'remote; main'],
    ['select * from orders o join cu/*|*/', 'customers'],
    ['select * from orders, /*|*/', 'customers; !total'],
    ['insert into /*|*/', 'orders; !read_csv'],
    ['select * from orders o join customers c on /*|*/', 'o.customer_id = c.id; total; name'],
    ['select * from orders o join items i on /*|*/', 'o.id = i.order_id'],
    ['select * from orders a join staging.orders b on /*|*/ join items c using (id)', 'raw_id; !qty'],
    ['select * from orders o join items i using (/*|*/)', 'id; !qty; !total'],
    // Statements that write.
    ['insert into orders (/*|*/) select 1', 'id; total; id, customer_id, total, status'],
    ['insert into orders (id, /*|*/) select 1', 'total; !id'],
    ['insert into orders values (1) on conflict (id) do update set total = excluded./*|*/', 'total; status'],
    ['update orders set /*|*/', 'total; !sum'],
    ['update orders set total = /*|*/', 'total; sum'],
    ['merge into orders using items s on orders./*|*/ when matched then delete', 'total; !qty'],
    ['delete from orders where /*|*/', 'total; !email'],
    ['create table t (a /*|*/', 'INTEGER; PRIMARY KEY'],
    ["copy orders to 'x.csv' (/*|*/)", 'FORMAT; HEADER; !orders'],
    ["copy orders to 'x.csv' (format /*|*/)", 'parquet; !FORMAT'],
    ['alter table orders drop column /*|*/', 'total; !ADD COLUMN'],
    ['alter table orders add column /*|*/', 'nothing'],
    ['insert into orders /*|*/', 'VALUES; SELECT; !JOIN'],
    // Keywords where they make sense.
    ['explain /*|*/', 'SELECT; FROM; !WHERE'],
    ['/*|*/', 'SELECT; FROM; WITH; !WHERE; !orders'],
    ['select 1; sel/*|*/', 'SELECT; !WHERE'],
    ['select * from orders /*|*/', 'WHERE; JOIN; LEFT JOIN; GROUP BY; !SELECT; !FROM; !total'],
    ['select * from orders left /*|*/', 'JOIN; !WHERE'],
    ['select * from orders o join customers c /*|*/', 'ON; USING'],
    ['select total /*|*/ from orders', 'AS; !WHERE; !FROM; !total'],
    ['select total /*|*/', 'FROM; AS'],
    ['select * from orders where total > 1 /*|*/', 'AND; OR; GROUP BY; ORDER BY; !WHERE; !FROM; !total'],
    ['select * from orders group /*|*/', 'BY; !total'],
    ['select total from orders order by total /*|*/', 'DESC; LIMIT; !WHERE'],
    ['from orders /*|*/', 'SELECT; WHERE'],
    // Everything else.
    ['set /*|*/', 'memory_limit; !SELECT'],
    ['pragma /*|*/', 'table_info; memory_limit'],
    ['use /*|*/', 'staging; other'],
    ["select '1'::/*|*/", 'INTEGER; !orders'],
    ["select cast('1' as /*|*/", 'DOUBLE; !total'],
    ['select sum(total) over /*|*/ from orders window w as (order by id)', 'w'],
    ["from read_csv('sales.csv', /*|*/)", 'header; delim; !col0'],
    ["from read_csv('sales.csv', header = true, /*|*/)", 'delim; !header'],
    ["select * from '/*|*/'", 'sales.csv; data/'],
    ["select * from 'data//*|*/", "o'hara.parquet"],
    ["select * from read_csv('sa/*|*/')", 'sales.csv'],
    ["select * from orders where status = '/*|*/'", 'nothing'],
    // Where there is nothing to write.
    ['select $$ ; -- /*|*/', 'nothing'],
    ['select 1 /* a /* b */ /*|*/ */', 'nothing'],
    ['select 1 -- from /*|*/', 'nothing'],
    ["select 'abc/*|*/\nfrom orders", 'nothing'],
    ['select 12/*|*/', 'nothing'],
    ['select total as /*|*/ from orders', 'nothing'],
  ])('%s', checkCompletion);

  it.each([
    ['select Tot/*|*/ from customers', 'Total €', 'select "Total €" from customers'],
    ['select "Tot/*|*/" from customers', 'Total €', 'select "Total €" from customers'],
    ['select customer_/*|*/ from orders', 'customer_id', 'select customer_id from orders'],
    ['select id/*|*/ from customers c join orders o on true', 'id', 'select c.id from customers c join orders o on true'],
    ['select id/*|*/ from orders join items using (id)', 'id', 'select id from orders join items using (id)'],
    ['select ema/*|*/', 'email', 'select email from customers'],
    ['select ema/*|*/, 1', 'email', 'select email, 1 from customers'],
    ['select 1, upper([ema/*|*/', 'email', 'select 1, upper([email]) from customers'],
    ['SELECT items./*|*/', 'qty', 'SELECT items.qty FROM items'],
    ['select * from rem/*|*/', 'remote', 'select * from other.main.remote'],
    ['select * from data, ord/*|*/', 'orders', 'select * from data, orders'],
    ["select * from 'data//*|*/'", "o'hara.parquet", "select * from 'data/o''hara.parquet'"],
    ['select upp/*|*/ from customers', 'upper', 'select upper( from customers'],
    ['SELECT * FROM orders wh/*|*/', 'WHERE', 'SELECT * FROM orders where'],
    ['SELECT * FROM orders W/*|*/', 'WHERE', 'SELECT * FROM orders WHERE'],
  ])('%s inserts %s', checkInsert);

  it('puts columns first, and those that begin with what is written before others', async () => {
    const labels = (await completions('select st/*|*/ from orders')).items.map(({ label }) => label);
    expect(labels.slice(0, 2)).toEqual(['status', 'customer_id']);
    expect((await completions('select * from orders o join customers c on /*|*/')).items[0]?.label).toBe('o.customer_id = c.id');
  });

  it('tells the types of columns, and writes functions as snippets', async () => {
    const { items } = await completions(
      'with t as (select count(*) as n, total::integer as i, address.city from orders, customers) select /*|*/ from t',
    );
    const detail = (label: string) => items.find((item) => item.label === label)?.detail;
    expect([detail('n'), detail('i'), detail('city')]).toEqual(['BIGINT · t', 'INTEGER · t', 'VARCHAR · t']);
    const sum = items.find(({ label }) => label === 'sum');
    expect(sum).toMatchObject({ snippet: 'sum($1)$0', detail: 'sum(arg DOUBLE) → DOUBLE' });
  });
});
