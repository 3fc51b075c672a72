-- %% [markdown]
-- # A tour of Kodiak
--
-- This is a notebook. It is also a plain SQL file: cells begin with a `-- %%` line, and text like this one is a comment,
-- so it can be compared, reviewed and run anywhere. Run a cell with **Ctrl+Enter**, or all of them from the toolbar.
--
-- The data is that of an outdoor shop: 240,000 orders of two years in `data/orders.parquet`, and three CSV files beside it.

-- %% [markdown]
-- ## Look at a file
--
-- There is nothing to import. DuckDB reads the file where it lies, and a query may begin with `from`.

-- %%
from 'data/orders.parquet' limit 100;

-- %% [markdown]
-- `summarize` knows each column's range, average, quartiles and share of NULLs.

-- %%
summarize from 'data/orders.parquet';

-- %% [markdown]
-- ## Load tables
--
-- The notebook has a session of its own: temporary tables and variables stay with it. These tables live in the database, which
-- is in memory unless the setting `kodiak.database.path` names a file.

-- %%
create or replace table customers as from 'data/customers.csv';
create or replace table products as from 'data/products.csv';
create or replace table weather as from 'data/weather.csv';
create or replace table orders as from 'data/orders.parquet';

-- %% [markdown]
-- ## Join
--
-- Revenue and margin per category. `group by all` groups by every column that is not an aggregate.

-- %%
select
  category,
  count(*) as orders,
  sum(quantity * o.unit_price) as revenue,
  round(100 * sum(quantity * (o.unit_price - p.unit_cost)) / sum(quantity * o.unit_price), 1) as margin_percent,
  count(distinct customer_id) as customers
from orders o
join products p using (product_id)
group by all
order by revenue desc;

-- %% [markdown]
-- ## Rank within groups
--
-- `qualify` filters by a window function: the three products that sell best in each category.

-- %%
select
  category,
  row_number() over (partition by category order by sum(quantity * o.unit_price) desc) as place,
  name,
  sum(quantity * o.unit_price) as revenue
from orders o
join products p using (product_id)
group by category, name
qualify place <= 3
order by category, place;

-- %% [markdown]
-- ## Follow time
--
-- Orders per day with a moving average over four weeks. Every result has a chart tab; this cell says in its first line what is drawn there,
-- and that the chart is what is seen first.

-- %% Orders per day chart=line x=day y=orders y2=four_weeks agg=none
select
  ordered_at::date as day,
  count(*) as orders,
  round(avg(count(*)) over (order by ordered_at::date rows 27 preceding), 1) as four_weeks
from orders
group by day
order by day;

-- %% [markdown]
-- Not every month sold a sled, and a month without a row is easily overlooked. A calendar from `range` fills the gaps with zeros.

-- %%
with calendar as (
  select range::date as month from range(date '2024-01-01', date '2026-01-01', interval 1 month)
), sleds as (
  select date_trunc('month', ordered_at)::date as month, count(*) as orders, sum(quantity) as pieces
  from orders join products p using (product_id)
  where p.name like '%Sled%' and country = 'Norway' and channel = 'phone'
  group by month
)
select month, coalesce(orders, 0) as orders, coalesce(pieces, 0)::integer as pieces, sum(coalesce(pieces, 0)) over (order by month)::integer as so_far
from calendar left join sleds using (month)
order by month;

-- %% [markdown]
-- ## Turn rows into columns
--
-- `pivot` makes a column of each channel.

-- %%
pivot (select country, channel, quantity * unit_price as revenue from orders)
on channel
using sum(revenue)
group by country
order by web desc;

-- %% [markdown]
-- ## Does rain sell rain jackets?
--
-- Weather and orders of the same city and day. `asof join` would find the latest reading where a station was silent; here a plain
-- join leaves such days out.

-- %%
select
  case when rain_mm = 0 then 'dry' when rain_mm < 5 then 'some rain' else 'heavy rain' end as weather,
  count(distinct w.day) as days,
  count(*) filter (where p.name like '%Rain Jacket%') as rain_jackets,
  round(100 * count(*) filter (where p.name like '%Rain Jacket%') / count(*), 2) as percent_of_orders,
  round(avg(temperature_c), 1) as degrees
from weather w
join customers c on c.city = w.city
join orders o on o.customer_id = c.customer_id and o.ordered_at::date = w.day
join products p using (product_id)
group by weather
order by days desc;

-- %% [markdown]
-- ## Values with a shape
--
-- Lists, structs and maps are values like others: each customer's latest orders as a list of structs.

-- %%
select
  c.name,
  c.city,
  count(*) as orders,
  list({'product': p.name, 'on': o.ordered_at::date, 'paid': o.quantity * o.unit_price} order by o.ordered_at desc)[1:3] as latest,
  histogram(o.channel) as channels
from orders o
join customers c using (customer_id)
join products p using (product_id)
group by c.customer_id, c.name, c.city
order by orders desc, c.customer_id
limit 50;

-- %% [markdown]
-- ## Ten million rows
--
-- The result stays in the server. The grid asks for the rows that you look at: drag the scroll bar to the end.

-- %%
select i as row_number, hash(i) as hash, sqrt(i) as root, timestamp '2024-01-01' + to_seconds(i) as moment
from range(10_000_000) t(i);

-- %% [markdown]
-- ## The cache proves itself
--
-- Run the next cell. It counts, for every pair of products, how many customers bought both.

-- %%
with bought as (select distinct customer_id, product_id from orders where quantity > 1)
select a.product_id as product, b.product_id as other, count(*) as customers
from bought a join bought b on a.customer_id = b.customer_id and a.product_id < b.product_id
group by all
order by customers desc, product, other
limit 20;

-- %% [markdown]
-- The same query again. The footer now says *proved*: Kodiak gave the stored result because it could show that none of the tables
-- it reads has changed since. It trusts no clock, and a query that nothing can be proved about simply runs again.

-- %%
with bought as (select distinct customer_id, product_id from orders where quantity > 1)
select a.product_id as product, b.product_id as other, count(*) as customers
from bought a join bought b on a.customer_id = b.customer_id and a.product_id < b.product_id
group by all
order by customers desc, product, other
limit 20;

-- %% [markdown]
-- Now the table changes, and the proof fails: the query runs again.

-- %%
insert into orders select max(order_id) + 1, 1, 1, 2, 9.99, timestamp '2025-12-31 23:00:00', 'web', 'Norway' from orders;

with bought as (select distinct customer_id, product_id from orders where quantity > 1)
select a.product_id as product, b.product_id as other, count(*) as customers
from bought a join bought b on a.customer_id = b.customer_id and a.product_id < b.product_id
group by all
order by customers desc, product, other
limit 20;

-- %% [markdown]
-- ## From here
--
-- - The status bar shows the cache, memory, connections and what runs; click a number for its details.
-- - *Kodiak: Open REPL* gives a prompt on the same database: try `.tables` and `.cache` there.
-- - *Kodiak: New SQL Notebook* starts one of your own.
