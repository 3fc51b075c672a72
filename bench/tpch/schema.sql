-- Tables in the manner of TPC-H at scale factor 1: 6,000,000 lines of 1,500,000 orders. The same rows each time:
-- every value is a hash of its row's number and a purpose.
create macro die(row_number, purpose, sides) as (hash(row_number, purpose) % sides)::integer;

create table region as select i::integer r_regionkey, ['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST'][i + 1] r_name from range(5) t(i);

create table nation as select i::integer n_nationkey, 'NATION ' || i n_name, (i % 5)::integer n_regionkey from range(25) t(i);

create table supplier as
select i::integer s_suppkey, 'Supplier ' || i s_name, die(i, 's nation', 25) s_nationkey, (die(i, 's balance', 1100000) / 100 - 1000)::decimal(12, 2) s_acctbal
from range(10000) t(i);

create table customer as
select
  i::integer c_custkey, 'Customer ' || i c_name, die(i, 'c nation', 25) c_nationkey,
  (die(i, 'c balance', 1100000) / 100 - 1000)::decimal(12, 2) c_acctbal,
  ['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'HOUSEHOLD', 'MACHINERY'][1 + die(i, 'c segment', 5)] c_mktsegment,
  (10 + die(i, 'c code', 25)) || '-' || die(i, 'c phone', 1000000) c_phone
from range(150000) t(i);

create table part as
select
  i::integer p_partkey,
  ['almond', 'azure', 'blush', 'green', 'ivory', 'lime', 'plum', 'salmon'][1 + die(i, 'p colour', 8)] || ' part ' || i p_name,
  'Brand#' || (1 + die(i, 'p maker', 5)) || (1 + die(i, 'p brand', 5)) p_brand,
  ['PROMO', 'STANDARD', 'SMALL', 'MEDIUM', 'LARGE', 'ECONOMY'][1 + die(i, 'p kind', 6)] || ' ' || ['TIN', 'STEEL', 'BRASS', 'COPPER'][1 + die(i, 'p metal', 4)] p_type,
  1 + die(i, 'p size', 50) p_size,
  ['SM', 'MED', 'LG', 'JUMBO'][1 + die(i, 'p box', 4)] || ' ' || ['CASE', 'BOX', 'BAG', 'DRUM'][1 + die(i, 'p shape', 4)] p_container
from range(200000) t(i);

create table partsupp as
select
  (i // 4)::integer ps_partkey, ((i * 751 + i // 4) % 10000)::integer ps_suppkey, die(i, 'ps quantity', 9999) ps_availqty,
  (1 + die(i, 'ps cost', 99900) / 100)::decimal(12, 2) ps_supplycost
from range(800000) t(i);

create table orders as
select
  i::integer o_orderkey, die(i, 'o customer', 150000) o_custkey, ['F', 'O', 'P'][1 + die(i, 'o status', 3)] o_orderstatus,
  date '1992-01-01' + die(i, 'o date', 2405) o_orderdate,
  ['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'][1 + die(i, 'o priority', 5)] o_orderpriority,
  (100 + die(i, 'o price', 40000000) / 100)::decimal(12, 2) o_totalprice,
  case when die(i, 'o comment', 50) = 0 then 'special packed requests' else 'carefully bold deposits ' || i end o_comment
from range(1500000) t(i);

create table lineitem as
select
  (i // 4)::integer l_orderkey, die(i, 'l part', 200000) l_partkey, die(i, 'l supplier', 10000) l_suppkey, (1 + i % 4)::integer l_linenumber,
  (1 + die(i, 'l quantity', 50))::decimal(12, 2) l_quantity, (900 + die(i, 'l price', 9500000) / 100)::decimal(12, 2) l_extendedprice,
  (die(i, 'l discount', 11) / 100)::decimal(12, 2) l_discount, (die(i, 'l tax', 9) / 100)::decimal(12, 2) l_tax,
  ['A', 'N', 'R'][1 + die(i, 'l flag', 3)] l_returnflag, ['F', 'O'][1 + die(i, 'l status', 2)] l_linestatus,
  date '1992-01-02' + die(i, 'l ship', 2500) l_shipdate, date '1992-01-02' + die(i, 'l commit', 2500) l_commitdate,
  date '1992-01-03' + die(i, 'l receipt', 2500) l_receiptdate,
  ['AIR', 'FOB', 'MAIL', 'RAIL', 'REG AIR', 'SHIP', 'TRUCK'][1 + die(i, 'l mode', 7)] l_shipmode
from range(6000000) t(i);
