#!/usr/bin/env node
// Writes the data of the guided tour into examples/data: `node examples/makeData.mjs`, after a build.
// The same files come out each time: every random number is the MD5 of a row's number and a purpose.
import { mkdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const dataDir = join(here, 'data');
const { openEngine } = createRequire(import.meta.url)('../dist/engine/engine.js');

const SQL = `
-- A number in [0, 1), the same for the same row and purpose.
create macro dice(row_number, purpose) as (md5_number_lower(purpose || ':' || row_number) % 1000003) / 1000003.0;
create macro pick(list, die) as list[1 + floor(die * len(list))::integer];

create table category (category varchar, base_price double, popularity double, nouns varchar[]);
insert into category values
  ('Bikes', 690, 0.06, ['Road Bike', 'Gravel Bike', 'City Bike', 'Folding Bike', 'Mountain Bike']),
  ('Camping', 95, 0.14, ['Tent', 'Sleeping Bag', 'Camp Stove', 'Lantern', 'Hammock', 'Cool Box']),
  ('Clothing', 48, 0.24, ['Rain Jacket', 'Fleece', 'Trail Shirt', 'Wool Socks', 'Cap', 'Gloves']),
  ('Climbing', 72, 0.08, ['Harness', 'Rope', 'Carabiner Set', 'Chalk Bag', 'Helmet']),
  ('Footwear', 118, 0.15, ['Hiking Boot', 'Trail Runner', 'Sandal', 'Approach Shoe']),
  ('Kitchen', 21, 0.13, ['Bottle', 'Mug', 'Pot Set', 'Spork', 'Coffee Press']),
  ('Navigation', 165, 0.07, ['GPS Watch', 'Compass', 'Map Case', 'Head Torch']),
  ('Winter', 240, 0.13, ['Ski Goggles', 'Snowshoe', 'Down Jacket', 'Thermal Set', 'Sled']);

create table products as
with numbered as (
  select i as product_id, (select list(c order by category) from category c)[1 + i % 8] as c, i // 8 as in_category
  from range(200) t(i)
)
select
  product_id + 1 as product_id,
  pick(['Alpine', 'Borealis', 'Cascade', 'Drift', 'Ember', 'Fjord', 'Granite', 'Harbor', 'Iris', 'Juniper'], dice(product_id, 'brand'))
    || ' ' || c.nouns[1 + in_category % len(c.nouns)] || ' ' || chr((65 + in_category // len(c.nouns))::integer) as name,
  c.category as category,
  round(c.base_price * (0.4 + 1.4 * dice(product_id, 'price') ** 1.5), 2)::decimal(8, 2) as unit_price,
  round(c.base_price * (0.4 + 1.4 * dice(product_id, 'price') ** 1.5) * (0.45 + 0.25 * dice(product_id, 'cost')), 2)::decimal(8, 2) as unit_cost,
  date '2021-01-01' + (dice(product_id, 'launch') * 1000)::integer as launched
from numbered
order by product_id;

create table countries (country varchar, share double, city varchar[]);
insert into countries values
  ('Germany', 0.24, ['Berlin', 'Hamburg', 'München', 'Köln']), ('France', 0.17, ['Paris', 'Lyon', 'Lille']),
  ('United Kingdom', 0.15, ['London', 'Leeds', 'Bristol']), ('Spain', 0.12, ['Madrid', 'Bilbao', 'Málaga']),
  ('Sweden', 0.09, ['Stockholm', 'Göteborg', 'Umeå']), ('Poland', 0.09, ['Warszawa', 'Kraków', 'Łódź']),
  ('Portugal', 0.07, ['Lisboa', 'Porto']), ('Norway', 0.07, ['Oslo', 'Bergen', 'Tromsø']);
create table country_steps as
select country, city, sum(share) over (order by share desc, country) - share as low, sum(share) over (order by share desc, country) as high
from countries;

create table customers as
with people as (
  select
    i + 1 as customer_id,
    pick(['Ada', 'Björn', 'Chloé', 'Dana', 'Emil', 'Freja', 'Gael', 'Hanna', 'Igor', 'Jana', 'Karim', 'Lena', 'Mateo', 'Nora', 'Oskar',
      'Paula', 'Quim', 'Rosa', 'Søren', 'Tomás', 'Ulla', 'Vera', 'Wim', 'Ximena', 'Yara', 'Zofia'], dice(i, 'first')) as first_name,
    pick(['Almeida', 'Berg', 'Costa', 'Dubois', 'Eriksson', 'Fischer', 'García', 'Hansen', 'Ivanova', 'Jensen', 'Kowalski', 'Lindqvist',
      'Moreau', 'Nowak', 'O''Neill', 'Petit', 'Quiroga', 'Rossi', 'Schmidt', 'Turner', 'Ueda', 'Vogel', 'Weber', 'Young', 'Zimmer'],
      dice(i, 'last')) as last_name,
    dice(i, 'country') as country_die, dice(i, 'city') as city_die, dice(i, 'segment') as segment_die,
    dice(i, 'signup') as signup_die, dice(i, 'birth') as birth_die
  from range(5000) t(i)
)
select
  customer_id,
  first_name || ' ' || last_name as name,
  country,
  pick(city, city_die) as city,
  case when segment_die < 0.72 then 'private' when segment_die < 0.93 then 'club' else 'business' end as segment,
  -- One in eight did not tell.
  case when birth_die > 0.125 then 1945 + floor((birth_die - 0.125) / 0.875 * 61)::integer end as birth_year,
  date '2022-03-01' + floor(signup_die ** 0.8 * 660)::integer as signed_up
from people join country_steps on country_die >= low and country_die < high
order by customer_id;

-- Orders per day grow over two years, with summer and December peaks and quiet Mondays; a day's orders come in the daytime.
create table days as
with shape as (
  select
    date '2024-01-01' + i::integer as day,
    (1 + 0.45 * i / 730.0)
      * (1 + 0.22 * sin((dayofyear(day) - 100) / 365.0 * 2 * pi()) + case when month(day) = 12 then 0.7 when month(day) = 11 then 0.25 else 0 end)
      * [1.05, 0.8, 0.9, 0.95, 1.0, 1.1, 1.25][1 + dayofweek(day)]
      * (0.9 + 0.2 * dice(i, 'day')) as weight
  from range(731) t(i)
)
select day, weight, sum(weight) over (order by day) / sum(weight) over () as high,
  (sum(weight) over (order by day) - weight) / sum(weight) over () as low
from shape;

create table product_steps as
with weighted as (
  select p.product_id, p.category, p.unit_price, c.popularity / 25 * (0.3 + 1.4 * dice(p.product_id, 'demand')) as weight
  from products p join category c using (category)
)
select *, sum(weight) over (order by product_id) / sum(weight) over () as high,
  (sum(weight) over (order by product_id) - weight) / sum(weight) over () as low
from weighted;

create table drawn as
select i,
  (i + dice(i, 'when')) / 240000 as day_die,
  dice(i, 'product') as product_die,
  1 + floor(5000 * dice(i, 'customer') * (0.35 + 0.65 * dice(i, 'customer')))::integer as customer_id,
  dice(i, 'quantity') as quantity_die, dice(i, 'hour') as hour_die, dice(i, 'channel') as channel_die, dice(i, 'discount') as discount_die
from range(240000) t(i);

create table orders as
select
  100001 + i as order_id,
  d.customer_id,
  p.product_id,
  case when quantity_die < 0.68 then 1 when quantity_die < 0.88 then 2 when quantity_die < 0.96 then 3
    else 4 + floor((quantity_die - 0.96) * 200)::integer end as quantity,
  (p.unit_price * case when discount_die < 0.12 then 0.8 when discount_die < 0.2 then 0.9 else 1 end)::decimal(8, 2) as unit_price,
  day + to_seconds(floor(3600 * (7 + 15 * (0.6 * hour_die + 0.4 * sqrt(hour_die))))::bigint) as ordered_at,
  case when channel_die < 0.44 + 0.1 * day_die then 'web' when channel_die < 0.72 + 0.1 * day_die then 'app'
    when channel_die < 0.97 then 'store' else 'phone' end as channel,
  c.country
from drawn d
join days on day_die >= days.low and day_die < days.high
join product_steps p on product_die >= p.low and product_die < p.high
join customers c using (customer_id)
order by ordered_at, order_id;

create table weather as
select day, city,
  round(mean + swing * sin((dayofyear(day) - 110) / 365.0 * 2 * pi()) + 7 * (dice(day, city || 'temperature') - 0.5), 1) as temperature_c,
  case when dice(day, city || 'wet') < wet then round(18 * dice(day, city || 'rain') ** 2, 1) else 0 end as rain_mm
from days, (values ('Berlin', 10.1, 10.4, 0.33), ('Madrid', 15.2, 9.8, 0.17), ('Stockholm', 7.4, 10.9, 0.37), ('Lisboa', 17.1, 5.6, 0.27)) t(city, mean, swing, wet)
-- The stations were silent now and then.
where dice(day, city || 'silent') > 0.03
order by day, city;

copy (from products) to 'products.csv' (header);
copy (from customers) to 'customers.csv' (header);
copy (from weather) to 'weather.csv' (header);
copy (from orders) to 'orders.parquet' (format parquet, compression zstd, compression_level 9, row_group_size 60000);
`;

mkdirSync(dataDir, { recursive: true });
const engine = await openEngine({ parallel: { threads: 1 } });
try {
  const session = await engine.openSession({ name: 'makeData', cwd: dataDir });
  const results = await session.runAll(SQL);
  for (const result of results) result.release();
} finally {
  await engine.close();
}
for (const name of ['products.csv', 'customers.csv', 'weather.csv', 'orders.parquet']) {
  console.log(`${name}: ${Math.round(statSync(join(dataDir, name)).size / 1024)} KiB`);
}
