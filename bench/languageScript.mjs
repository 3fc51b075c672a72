/** Tables that the script is about; further ones only fill the catalog. Ten columns each. */
const TABLES = {
  customers:
    'id integer primary key, name varchar, email varchar, country varchar, city varchar, zip varchar, created_at timestamp, segment varchar, credit double, note varchar',
  orders:
    'id integer primary key, customer_id integer, ordered_at timestamp, status varchar, total double, currency varchar, channel varchar, discount double, shipped_at timestamp, comment varchar',
  order_items:
    'order_id integer, product_id integer, qty integer, unit_price double, tax double, line integer, returned boolean, warehouse varchar, packed_at timestamp, remark varchar',
  products:
    'id integer primary key, name varchar, category varchar, price double, weight double, colour varchar, brand varchar, active boolean, launched date, supplier varchar',
};

const AREAS = ['sales', 'stock', 'web', 'hr', 'fin', 'crm', 'log', 'geo', 'app', 'iot'];
const THINGS = ['event', 'daily', 'invoice', 'visit', 'payment', 'shipment', 'session', 'metric', 'account', 'ticket'];

/** A CREATE TABLE for each table of a database with that many. */
export function schema(tables) {
  const own = Object.entries(TABLES).map(([name, columns]) => `create table ${name} (${columns})`);
  for (let index = own.length; index < tables; index++) {
    const [area, thing] = [AREAS[index % 10], THINGS[Math.floor(index / 10) % 10]];
    const columns = Array.from({ length: 8 }, (_, at) => `${thing}_${at} ${at % 2 === 0 ? 'double' : 'varchar'}`);
    own.push(`create table ${area}_${thing}_${String(index).padStart(5, '0')} (id integer, changed_at timestamp, ${columns.join(', ')})`);
  }
  return own;
}

const STATEMENTS = [
  (n) => `-- ${n}: what customers of a segment bought
with recent as (
  select o.id, o.customer_id, o.total, o.ordered_at
  from orders o
  where o.ordered_at > timestamp '2024-01-0${1 + (n % 9)}'
    and o.status in ('new', 'sent')
)
select c.name, c.country, count(*) as orders, sum(r.total) as worth, max(r.ordered_at) as last_order
from customers c
join recent r on r.customer_id = c.id
where c.segment = 'segment ${n}'
group by all
order by worth desc
limit ${10 + n};`,
  (n) => `create or replace table report_${n} as
select p.category, p.brand, sum(i.qty * i.unit_price) as revenue, avg(i.tax) as tax
from order_items i
join products p on p.id = i.product_id
where i.returned = false and p.price between ${n} and ${n + 100}
group by p.category, p.brand;`,
  (n) => `update orders
set discount = case when total > ${n} then 0.1 else 0 end,
    comment = 'rule ${n}'
where status = 'new' and channel = 'web';`,
  (n) => `insert into products (id, name, category, price, brand, active)
values
  (${n * 10}, 'Lamp ${n}', 'home', 19.99, 'Lumen', true),
  (${n * 10 + 1}, 'Pen ${n}', 'office', 1.5, 'Inky', true),
  (${n * 10 + 2}, 'It''s a mug', 'kitchen', 7.25, 'Potter', false);`,
  (n) => `/* ranks within a country, number ${n} */
select
  c.country,
  c.name,
  sum(o.total) as total,
  row_number() over (partition by c.country order by sum(o.total) desc) as place
from customers c
left join orders o on o.customer_id = c.id and o.currency = 'EUR'
group by c.country, c.name
qualify place <= ${1 + (n % 5)};`,
  (n) => `select product_id, warehouse, count(*) filter (where returned) as returned, list(distinct line) as lines
from order_items
where order_id in (select id from orders where customer_id = ${n} and extract(year from ordered_at) = 2024)
group by 1, 2
having count(*) > 1;`,
  (n) => `delete from order_items
where order_id not in (select id from orders)
  and packed_at < timestamp '2020-01-01' + interval ${1 + (n % 20)} day;`,
];

/** Statements of every kind, of at least so many lines in all, around a place in the middle for one more. */
export function script(lines) {
  const texts = [];
  for (let count = 0, n = 0; count < lines; n++) {
    const text = STATEMENTS[n % STATEMENTS.length](n);
    texts.push(text);
    count += text.split('\n').length + 1;
  }
  const middle = texts.length >> 1;
  const join = (part) => part.map((text) => `${text}\n\n`).join('');
  return { before: join(texts.slice(0, middle)), after: `\n\n${join(texts.slice(middle))}` };
}
