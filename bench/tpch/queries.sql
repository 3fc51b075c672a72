-- pricing summary
select l_returnflag, l_linestatus, sum(l_quantity), sum(l_extendedprice), sum(l_extendedprice * (1 - l_discount)),
  sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)), avg(l_quantity), avg(l_discount), count(*)
from lineitem where l_shipdate <= date '1998-09-02' group by all order by all;

-- cheapest supplier
select s_acctbal, s_name, n_name, p_partkey
from part, supplier, partsupp, nation, region
where p_partkey = ps_partkey and s_suppkey = ps_suppkey and p_size = 15 and p_type like '%BRASS' and s_nationkey = n_nationkey
  and n_regionkey = r_regionkey and r_name = 'EUROPE'
  and ps_supplycost = (
    select min(ps_supplycost) from partsupp, supplier, nation, region
    where p_partkey = ps_partkey and s_suppkey = ps_suppkey and s_nationkey = n_nationkey and n_regionkey = r_regionkey and r_name = 'EUROPE')
order by s_acctbal desc, n_name, s_name, p_partkey limit 100;

-- shipping priority
select l_orderkey, sum(l_extendedprice * (1 - l_discount)) revenue, o_orderdate
from customer, orders, lineitem
where c_mktsegment = 'BUILDING' and c_custkey = o_custkey and l_orderkey = o_orderkey and o_orderdate < date '1995-03-15' and l_shipdate > date '1995-03-15'
group by all order by revenue desc, o_orderdate, l_orderkey limit 10;

-- order priority
select o_orderpriority, count(*) from orders
where o_orderdate >= date '1993-07-01' and o_orderdate < date '1993-10-01'
  and exists (from lineitem where l_orderkey = o_orderkey and l_commitdate < l_receiptdate)
group by all order by all;

-- local supplier volume
select n_name, sum(l_extendedprice * (1 - l_discount)) revenue
from customer, orders, lineitem, supplier, nation, region
where c_custkey = o_custkey and l_orderkey = o_orderkey and l_suppkey = s_suppkey and c_nationkey = s_nationkey and s_nationkey = n_nationkey
  and n_regionkey = r_regionkey and r_name = 'ASIA' and o_orderdate >= date '1994-01-01' and o_orderdate < date '1995-01-01'
group by all order by revenue desc;

-- forecast
select sum(l_extendedprice * l_discount) from lineitem
where l_shipdate >= date '1994-01-01' and l_shipdate < date '1995-01-01' and l_discount between 0.05 and 0.07 and l_quantity < 24;

-- profit by nation and year
select n_name, year(o_orderdate) o_year, sum(l_extendedprice * (1 - l_discount) - ps_supplycost * l_quantity) profit
from part, supplier, lineitem, partsupp, orders, nation
where s_suppkey = l_suppkey and ps_suppkey = l_suppkey and ps_partkey = l_partkey and p_partkey = l_partkey and o_orderkey = l_orderkey
  and s_nationkey = n_nationkey and p_name like '%green%'
group by all order by n_name, o_year desc;

-- returned items
select c_custkey, c_name, sum(l_extendedprice * (1 - l_discount)) revenue, c_acctbal, n_name
from customer, orders, lineitem, nation
where c_custkey = o_custkey and l_orderkey = o_orderkey and o_orderdate >= date '1993-10-01' and o_orderdate < date '1994-01-01'
  and l_returnflag = 'R' and c_nationkey = n_nationkey
group by all order by revenue desc, c_custkey limit 20;

-- shipping modes
select l_shipmode, count(*) filter (o_orderpriority in ('1-URGENT', '2-HIGH')) high, count(*) filter (o_orderpriority not in ('1-URGENT', '2-HIGH')) low
from orders, lineitem
where o_orderkey = l_orderkey and l_shipmode in ('MAIL', 'SHIP') and l_commitdate < l_receiptdate and l_shipdate < l_commitdate
  and l_receiptdate >= date '1994-01-01' and l_receiptdate < date '1995-01-01'
group by all order by all;

-- customers by number of orders
select c_count, count(*) custdist
from (select c_custkey, count(o_orderkey) c_count from customer left join orders on c_custkey = o_custkey and o_comment not like '%special%requests%' group by all)
group by all order by custdist desc, c_count desc;

-- promotion effect
select 100.00 * sum(case when p_type like 'PROMO%' then l_extendedprice * (1 - l_discount) else 0 end) / sum(l_extendedprice * (1 - l_discount))
from lineitem, part where l_partkey = p_partkey and l_shipdate >= date '1995-09-01' and l_shipdate < date '1995-10-01';

-- large orders
select c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice, sum(l_quantity)
from customer, orders, lineitem
where o_orderkey in (select l_orderkey from lineitem group by l_orderkey having sum(l_quantity) > 180) and c_custkey = o_custkey and o_orderkey = l_orderkey
group by all order by o_totalprice desc, o_orderdate, o_orderkey limit 100;

-- suppliers who kept orders waiting
select s_name, count(*) numwait
from supplier, lineitem l1, orders, nation
where s_suppkey = l1.l_suppkey and o_orderkey = l1.l_orderkey and o_orderstatus = 'F' and l1.l_receiptdate > l1.l_commitdate
  and exists (from lineitem l2 where l2.l_orderkey = l1.l_orderkey and l2.l_suppkey <> l1.l_suppkey)
  and not exists (from lineitem l3 where l3.l_orderkey = l1.l_orderkey and l3.l_suppkey <> l1.l_suppkey and l3.l_receiptdate > l3.l_commitdate)
  and s_nationkey = n_nationkey and n_name = 'NATION 3'
group by all order by numwait desc, s_name limit 100;

-- sales opportunities
select substr(c_phone, 1, 2) code, count(*), sum(c_acctbal)
from customer
where c_acctbal > (select avg(c_acctbal) from customer where c_acctbal > 0) and not exists (from orders where o_custkey = c_custkey)
group by all order by all;
