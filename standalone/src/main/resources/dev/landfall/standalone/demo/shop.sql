-- A shop and what happens to it from sync to sync. Nothing is random: every number follows from a name by md5.
-- The variable `scale` multiplies customers and orders; the orders told by hand are the same at every scale.
create macro dice(thing, salt, sides) as cast(md5_number_lower(concat(thing, '/', salt)) % sides as integer);

create table syncs (sync integer, title varchar, started timestamptz);
insert into syncs values
    (1, 'the first sync', '2025-11-29 06:00:00+00'),
    (2, 'orders of yesterday changed; the first refunds', '2025-11-30 06:00:00+00'),
    (3, 'over the end of a month', '2025-12-01 06:00:00+00'),
    (4, 'the last day of the year', '2025-12-31 06:00:00+00'),
    (5, 'an attempt failed and left its file, which came twice', '2025-12-31 18:00:00+00'),
    (6, 'over the end of the year; an order was deleted', '2026-01-01 06:00:00+00'),
    (7, 'a late file in a partition of November', '2026-01-02 06:00:00+00');

create table customers as
select
    n, 7000000000 + n as id, 1 + dice(n, 'first sync', 4) as first_sync,
    (['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald', 'Frances', 'Alan', 'Radia'])[1 + n % 8] as first_name,
    (['Byron', 'Hopper', 'Dijkstra', 'Liskov', 'Knuth', 'Allen', 'Turing'])[1 + n % 7] as last_name,
    (['Lisbon', 'Berlin', 'Utrecht', 'Lyon'])[1 + n % 4] as city,
    (['PT', 'DE', 'NL', 'FR'])[1 + n % 4] as country_code
from range(1, 1 + 20 * getvariable('scale')) as t(n);

create table orders (
    n integer, note varchar, first_sync integer, customer integer, created timestamptz, processed varchar,
    status varchar default 'paid', taxes_included boolean default false, shipping decimal(18, 2) default 0,
    shipping_discount decimal(18, 2) default 0, tip decimal(18, 2) default 0, duties decimal(18, 2) default 0,
    fees decimal(18, 2) default 0, test boolean default false, cancelled_sync integer, source varchar default 'web',
    email varchar, code varchar, presentment varchar default 'EUR');
create table lines (
    n integer, line integer, price decimal(18, 2), quantity integer, discount decimal(18, 2) default 0,
    tax_rate decimal(4, 2) default 0.20, gift_card boolean default false);
-- shipping and discrepancy as they stand in order_adjustments: what is given back for shipping is negative
create table refunds (
    refund integer, n integer, sync integer, shipping decimal(18, 2) default 0, shipping_tax decimal(18, 2) default 0,
    discrepancy decimal(18, 2) default 0, status varchar default 'success', settled_sync integer, note varchar);
create table refund_lines (refund integer, line integer, quantity integer, restock varchar default 'return');
-- further changes of an order, beside its refunds and its cancellation: each makes a sync emit it again
create table changes (n integer, sync integer);
create table deletions (n integer, sync integer);

-- ---------------------------------------------------------------- many orders

insert into orders by name
select
    100 + row_number() over (order by sync, k) as n, sync as first_sync,
    case when dice(k, sync, 10) > 0 then 1 + dice(k, sync + 10, 20 * getvariable('scale')) end as customer,
    started - to_minutes(30 + dice(k, sync + 20, 1200)) as created,
    case when dice(k, sync + 30, 12) = 0 then 'authorized' else 'paid' end as status,
    dice(k, sync + 40, 4) = 0 as taxes_included,
    case when dice(k, sync + 50, 3) > 0 then 4.90 else 0 end as shipping,
    case when dice(k, sync + 50, 3) = 2 then 4.90 else 0 end as shipping_discount,
    case when dice(k, sync + 60, 20) = 0 then 2 else 0 end as tip,
    case when dice(k, sync + 70, 4) = 0 then 'WELCOME10' end as code,
    case when dice(k, sync + 80, 8) = 0 then 'pos' else 'web' end as source
from syncs, range(10 * getvariable('scale')) as t(k);

insert into lines by name
select
    * exclude (gift), case when dice(n, 'discounted', 4) = 0 then price * quantity * 0.10 else 0 end as discount,
    gift = 0 as gift_card, case when gift = 0 then 0 else 0.20 end as tax_rate
from (
    select
        n, line, (500 + dice(concat(n, '-', line), 'price', 9500)) / 100 as price,
        1 + dice(concat(n, '-', line), 'quantity', 3) as quantity, dice(concat(n, '-', line), 'gift', 25) as gift
    from orders, range(1, 4) as t(line)
    where line <= 1 + dice(n, 'lines', 3)
) as l(n, line, price, quantity, gift);

insert into refunds by name
select 100000 * r + n as refund, n, first_sync + r as sync, 'did not fit' as note
from orders, range(1, 3) as t(r)
where status = 'paid' and first_sync + r <= 7 and dice(n, 'refund', 5 * r * r) = 0;
insert into refund_lines by name
select refund, 1 as line, 1 as quantity
from refunds inner join lines using (n)
where line = 1 and (refund < 200000 or quantity > 1);

insert into changes
select n, first_sync + c from orders, range(1, 4) as t(c)
where first_sync + c <= 7 and dice(concat(n, '-', c), 'change', 1 + c) = 0;

-- ---------------------------------------------------------------- orders told by hand, one trap each

insert into orders by name
select *, timestamptz '2025-11-28 10:00:00+00' + to_minutes(n) as created, 1 as first_sync, n as customer
from (values
    (1, 'three refunds, the second with shipping', 4.90, 0),
    (2, 'a refund of shipping, pending, and settled at the end of the year', 135.00, 0),
    (3, 'a refund of shipping that stays pending', 135.00, 0),
    (4, 'goods and shipping refunded, all of it pending', 4.90, 0),
    (5, 'goods and shipping refunded, and 2.00 kept back', 5.50, 0),
    (6, 'ten given back as a kindness, without goods', 0, 0),
    (7, 'goods and a gift card, both refunded', 0, 0),
    (8, 'discounts on a line, on the whole order and on shipping', 4.90, 4.90),
    (9, 'more given back than calculated, with goods', 4.90, 0),
    (10, 'a refund whose payment failed', 4.90, 0),
    (11, 'a test order', 4.90, 0),
    (12, 'deleted at the end of the year, and an old version comes later', 4.90, 0),
    (13, 'voided, with a discount and a gift card', 4.90, 0),
    (14, 'voided, with a refund that moved no cash', 4.90, 0),
    (15, 'cancelled and refunded', 4.90, 0),
    (16, 'cancelled before it was paid: a refund without a transaction', 0, 0),
    (17, 'prices that contain tax, goods and shipping partly refunded', 6.00, 0),
    (18, 'duties, fees and a tip', 25.00, 0)
) as t(n, note, shipping, shipping_discount);
insert into orders by name
select *, timestamptz '2025-11-28 10:00:00+00' + to_minutes(n) as created from (values
    (19, 'sold in a store, to nobody known', 1, null),
    (20, 'paid in another currency', 1, 2),
    (21, 'sold on another day than it was recorded', 6, 3),
    (22, 'an e-mail address with capitals and blanks', 1, 4),
    (23, 'two versions in one millisecond', 3, 5),
    (24, 'first seen in the late file', 2, 6)
) as t(n, note, first_sync, customer);

update orders set status = 'voided' where n in (13, 14);
update orders set status = 'pending' where n = 16;
update orders set cancelled_sync = 3 where n in (15, 16);
update orders set test = true where n = 11;
update orders set taxes_included = true where n = 17;
update orders set duties = 12.34, fees = 1.50, tip = 5.00 where n = 18;
update orders set source = 'pos' where n = 19;
update orders set presentment = 'USD' where n = 20;
update orders set processed = '2025-12-30T23:30:00-05:00', created = '2026-01-01 04:45:00+00' where n = 21;
update orders set email = '  Someone@Example.COM ' where n = 22;
update orders set code = 'TEN' where n in (5, 8);

insert into lines by name
select n, 1 as line, 50.00 as price, case when n = 1 then 3 else 1 end as quantity
from orders where n <= 24 and n not in (5, 8, 17);
insert into lines values
    (1, 2, 19.99, 1, 0, 0.20, false),
    (5, 1, 20.10, 1, 2.01, 0.10, false),
    (7, 2, 25.00, 2, 0, 0, true),
    (8, 1, 30.00, 2, 9.00, 0.20, false), (8, 2, 10.00, 1, 1.00, 0.20, false),
    (13, 2, 25.00, 1, 2.50, 0, true),
    (17, 1, 60.00, 2, 12.00, 0.20, false), (17, 2, 12.00, 1, 0, 0.20, false);

insert into refunds values
    (11, 1, 2, 0, 0, 0, 'success', null, 'first of three'),
    (12, 1, 3, -4.90, -0.98, 0, 'success', null, 'second of three'),
    (13, 1, 4, 0, 0, 0, 'success', null, 'third of three'),
    (21, 2, 2, -112.50, -22.50, 135.00, 'pending', 6, 'shipping'),
    (31, 3, 2, -112.50, -22.50, 135.00, 'pending', null, 'shipping'),
    (41, 4, 3, -4.90, -0.98, 65.88, 'pending', null, 'all'),
    (51, 5, 2, -5.50, 0, 2.00, 'success', null, 'a fee kept back'),
    (61, 6, 1, 0, 0, -10.00, 'success', null, 'a kindness'),
    (71, 7, 3, 0, 0, 0, 'success', null, 'goods and gift card'),
    (91, 9, 3, 0, 0, -3.00, 'success', null, 'rounded up'),
    (101, 10, 4, 0, 0, 60.00, 'failure', null, 'the card has expired'),
    (141, 14, 2, 0, 0, 0, 'none', null, 'restocked'),
    (151, 15, 3, -4.90, -0.98, 0, 'success', null, 'cancelled'),
    (161, 16, 3, 0, 0, 0, 'none', null, 'cancelled'),
    (171, 17, 4, -2.50, -0.50, 0, 'success', null, 'one of two');
insert into refund_lines values
    (11, 1, 1, 'return'), (12, 1, 1, 'return'), (13, 2, 1, 'no_restock'), (41, 1, 1, 'return'), (51, 1, 1, 'return'),
    (71, 1, 1, 'return'), (71, 2, 1, 'return'), (91, 1, 1, 'return'), (101, 1, 1, 'return'),
    (141, 1, 1, 'no_restock'), (151, 1, 1, 'cancel'), (161, 1, 1, 'cancel'), (171, 1, 1, 'return');
insert into changes values (12, 2), (20, 4), (22, 5), (8, 5), (11, 6);
-- 99 was deleted before it ever landed
insert into deletions values (12, 6), (99, 6);

-- a customer is read no later than his first order
update customers set first_sync = least(
    first_sync, coalesce((select min(o.first_sync) from orders as o where o.customer = customers.n), first_sync));
