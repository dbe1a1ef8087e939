-- The shop as Airbyte's records: for each sync what it emits, as the shop was at that time.
create macro raw_id(thing) as cast(cast(md5(thing) as uuid) as varchar);
create macro partition_of(time) as strftime(time at time zone 'UTC', 'year=%Y/month=%m/day=%d');
create macro extracted(started, seconds, position) as started + to_milliseconds(seconds * 1000 + position // 2);
create macro euro(amount) as {'shop_money': {'amount': amount, 'currency_code': 'EUR'}};

-- ---------------------------------------------------------------- shopify.orders

create table priced_lines as
select
    n, line, 8000000000 + n * 10 + line as id, price, quantity, discount, gift_card, tax_rate,
    cast(case
        when taxes_included then (price * quantity - discount) * tax_rate / (1 + tax_rate)
        else (price * quantity - discount) * tax_rate
    end as decimal(18, 2)) as tax
from lines inner join orders using (n);

create table priced_refund_lines as
select
    r.refund, l.id as line_item_id, 8500000000 + r.refund * 10 + r.line as id, r.quantity, r.restock, l.price, l.gift_card,
    l.quantity as ordered, l.discount,
    cast((l.price * l.quantity - l.discount) / l.quantity * r.quantity as decimal(18, 2)) as subtotal,
    cast(l.tax / l.quantity * r.quantity as decimal(18, 2)) as tax
from refund_lines as r inner join refunds using (refund) inner join priced_lines as l using (n, line);

-- An order is emitted when it is new and whenever something changes. `as_of` is the sync whose state it shows.
create table emitted (n integer, as_of integer, sync integer, file varchar, extracted_at timestamptz, attempt integer);
insert into emitted
select
    n, sync, sync, format('raw/shopify/orders/{}/{}_{}.parquet', partition_of(started), sync, n % 2),
    extracted(started, 90, row_number() over (partition by sync order by n)), 1
from (
    select n, first_sync as sync from orders where n <> 24
    union select n, sync from refunds
    union select n, settled_sync from refunds where settled_sync is not null
    union select n, cancelled_sync from orders where cancelled_sync is not null
    union select n, sync from changes
) inner join syncs using (sync);
-- The first attempt of sync 5 failed after one file; the second began anew, with a file of the next number.
update emitted set attempt = 2, extracted_at = extracted_at + interval 10 minutes,
    file = replace(replace(file, '5_1.parquet', '5_2.parquet'), '5_0.parquet', '5_1.parquet')
where sync = 5;
insert into emitted
select n, as_of, sync, replace(file, '5_1.parquet', '5_0.parquet'), extracted_at - interval 10 minutes, 1
from emitted where sync = 5 and file like '%5_1.parquet';
-- The late file: what a reader of 30 November saw, delivered weeks after. Some of it is older than what has landed
-- since, some is newer, and one order was never seen.
insert into emitted
select
    n, 2, 7, format('raw/shopify/orders/{}/2_9.parquet', partition_of(started)),
    extracted(started, 7200, row_number() over (order by n)), 3
from orders, syncs
where sync = 2 and first_sync <= 2 and (n in (1, 12, 24) or n > 100 and dice(n, 'late', 4) = 0);

create table refund_states as
select
    refund, refunds.n, as_of, refunds.sync, note, shipping, shipping_tax,
    case when settled_sync <= as_of then 0 else discrepancy end as discrepancy,
    case when settled_sync <= as_of then 'success' else status end as status,
    cast(coalesce((
        select sum(subtotal + case when taxes_included then 0 else tax end)
        from priced_refund_lines as l where l.refund = refunds.refund
    ), 0) as decimal(18, 2)) as goods
from refunds
inner join (select distinct n, as_of from emitted) as e on e.n = refunds.n and refunds.sync <= e.as_of
inner join (select n, taxes_included from orders) as o on o.n = refunds.n;

create table refund_records as
select
    refund, n, as_of, sync, status, 6000000000 + refund as id, 5000000000 + n as order_id, note,
    started + to_minutes(-60 + refund % 50) as created_at,
    -- what is not paid yet will be paid in full
    goods - shipping - shipping_tax - case when status = 'success' then discrepancy else 0 end as cash,
    list_concat(
        case when shipping <> 0 then [{'id': 1 + refund * 10, 'order_id': 5000000000 + n, 'refund_id': 6000000000 + refund, 'kind': 'shipping_refund', 'reason': 'Shipping refund', 'amount': shipping::varchar, 'tax_amount': shipping_tax::varchar}] else [] end,
        case when discrepancy <> 0 then [{'id': 2 + refund * 10, 'order_id': 5000000000 + n, 'refund_id': 6000000000 + refund, 'kind': 'refund_discrepancy', 'reason': 'Refund discrepancy', 'amount': discrepancy::varchar, 'tax_amount': '0.00'}] else [] end
    ) as order_adjustments,
    case when status = 'none' then [] else [{'id': 9500000000 + refund, 'parent_id': 9400000000 + n, 'order_id': 5000000000 + n, 'kind': 'refund', 'status': status, 'gateway': 'shopify_payments', 'currency': 'EUR', 'amount': cash::varchar, 'created_at': created_at::varchar, 'processed_at': created_at::varchar, 'test': false}] end as transactions
from refund_states inner join syncs using (sync);

insert into shopify_orders by name
with sums as (
    select
        n, cast(sum(price * quantity) as decimal(18, 2)) as goods, cast(sum(discount) as decimal(18, 2)) as discount,
        cast(sum(tax) as decimal(18, 2)) as tax,
        list({
            'id': id, 'product_id': 8100000000 + n % 7, 'variant_id': 8200000000 + n % 7 * 10 + line,
            'title': case when gift_card then 'Gift card' else concat('Thing ', n % 7) end,
            'name': concat('Thing ', n % 7), 'sku': concat('THING-', n % 7, '-', line), 'vendor': 'Landfall',
            'quantity': quantity, 'fulfillable_quantity': quantity, 'grams': 250, 'price': price::double,
            'price_set': euro(price::double), 'total_discount': 0.0, 'gift_card': gift_card, 'taxable': not gift_card,
            'requires_shipping': not gift_card, 'product_exists': true,
            'tax_lines': case when tax_rate > 0 then [{'channel_liable': false, 'price': tax::double, 'rate': tax_rate::double, 'title': 'VAT', 'price_set': euro(tax::double)}] else [] end,
            -- the share of the order's discount and the line's own are two allocations, and their amounts are text
            'discount_allocations': case
                when discount > 1 then [{'amount': '1.00', 'discount_application_index': 0.0}, {'amount': (discount - 1)::varchar, 'discount_application_index': 1.0}]
                when discount > 0 then [{'amount': discount::varchar, 'discount_application_index': 0.0}]
                else [] end
        } order by line) as items
    from priced_lines group by n
),
refunds_of as (
    select
        n, as_of, cast(sum(case when status = 'success' then cash else 0 end) as decimal(18, 2)) as cash,
        list({
            'id': id, 'order_id': order_id, 'user_id': 42, 'created_at': created_at, 'processed_at': created_at,
            'note': note, 'restock': true, 'order_adjustments': order_adjustments, 'transactions': transactions,
            'refund_line_items': (
                select list({'id': l.id, 'line_item_id': l.line_item_id, 'location_id': 1, 'quantity': l.quantity, 'restock_type': l.restock, 'subtotal': l.subtotal::double, 'total_tax': l.tax::double, 'line_item': {'id': l.line_item_id, 'price': l.price::varchar, 'gift_card': l.gift_card}} order by l.id)
                from priced_refund_lines as l where l.refund = r.refund)
        } order by id) as refunds
    from refund_records as r group by n, as_of
),
amounts as (
    select
        o.*, s.goods, s.discount, s.items, e.as_of, e.sync as landing, e.file, e.extracted_at, e.attempt, r.refunds,
        coalesce(r.cash, 0) as cash, started,
        cast(case
            when taxes_included then (shipping - shipping_discount) * 0.20 / 1.20 else (shipping - shipping_discount) * 0.20
        end as decimal(18, 2)) as shipping_tax,
        s.tax as line_tax,
        row_number() over (partition by o.n order by e.extracted_at) as version
    from emitted as e
    inner join orders as o using (n)
    inner join sums as s using (n)
    inner join syncs on syncs.sync = e.as_of
    left join refunds_of as r on r.n = e.n and r.as_of = e.as_of
),
totals as (
    select
        *, line_tax + shipping_tax as tax,
        goods - discount + shipping - shipping_discount + tip + duties + fees
            + case when taxes_included then 0 else line_tax + shipping_tax end as total
    from amounts
)
select
    landing as sync, t.file, raw_id(concat('order', t.n, t.file)) as _airbyte_raw_id, extracted_at as _airbyte_extracted_at,
    {'sync_id': landing, 'changes': []} as _airbyte_meta, 1 as _airbyte_generation_id,
    5000000000 + t.n as id, concat('gid://shopify/Order/', 5000000000 + t.n) as admin_graphql_api_id,
    concat('#', 1000 + t.n) as name, 1000 + t.n as order_number, t.n as number, concat('EUR', t.n) as confirmation_number,
    'shop.example' as shop_url, t.note, true as confirmed, t.test, t.source as source_name, 'EUR' as currency,
    presentment as presentment_currency, t.taxes_included,
    created as created_at,
    coalesce(processed, strftime(created at time zone 'UTC', '%Y-%m-%dT%H:%M:%S+00:00')) as processed_at,
    case when as_of = t.first_sync then created + interval 5 minutes else started - to_seconds(t.n % 1800) end as updated_at,
    case when cancelled_sync <= as_of then started - interval 1 hour end as cancelled_at,
    case when cancelled_sync <= as_of then 'customer' end as cancel_reason,
    case when as_of > t.first_sync + 1 then started - interval 2 hours end as closed_at,
    case
        when status <> 'paid' then status
        when cash >= total then 'refunded'
        when cash > 0 then 'partially_refunded'
        else 'paid'
    end as financial_status,
    case when as_of > t.first_sync and status = 'paid' then 'fulfilled' end as fulfillment_status,
    coalesce(t.email, case when source <> 'pos' then format('{}.{}@example.com', first_name, last_name) end) as email,
    case when source <> 'pos' then format('{}.{}@example.com', first_name, last_name) end as contact_email,
    goods::double as total_line_items_price, euro(goods::double) as total_line_items_price_set,
    (discount + shipping_discount)::double as total_discounts, euro((discount + shipping_discount)::double) as total_discounts_set,
    (goods - discount)::double as subtotal_price, tax::double as total_tax, euro(tax::double) as total_tax_set,
    total::double as total_price,
    {'shop_money': {'amount': total::double, 'currency_code': 'EUR'}, 'presentment_money': {'amount': case when presentment = 'EUR' then total else total * 1.15 end::double, 'currency_code': presentment}} as total_price_set,
    (total - cash)::double as current_total_price, (goods - discount)::double as current_subtotal_price,
    euro(shipping::double) as total_shipping_price_set, tip::double as total_tip_received, 250 as total_weight,
    -- declared as text, sent as an object
    case when duties > 0 then format('{{"shop_money":{{"amount":"{}","currency_code":"EUR"}}}}', duties) end as original_total_duties_set,
    case when fees > 0 then euro(fees::double) end as original_total_additional_fees_set,
    case when code is null then [] else [{'code': code, 'amount': discount::varchar, 'type': 'percentage'}] end as discount_codes,
    case when source = 'pos' then ['cash'] else ['shopify_payments', 'gift_card'] end as payment_gateway_names,
    case when dice(t.n, 'landing site', 2) = 0 then '/collections/all' end as landing_site,
    case when dice(t.n, 'landing site', 2) = 0 then 'https://search.example' end as referring_site,
    case when as_of = t.first_sync then '' else concat('seen, sync ', as_of) end as tags,
    items as line_items, coalesce(refunds, []) as refunds,
    case when shipping = 0 then [] else [{
        'id': 8600000000 + t.n, 'code': 'Standard', 'title': 'Standard', 'source': 'shopify', 'price': shipping::double,
        'price_set': euro(shipping::double), 'discounted_price': (shipping - shipping_discount)::double,
        -- without a schema, hence JSON text within the record
        'tax_lines': format('[{{"price":"{}","rate":0.2,"title":"VAT"}}]', shipping_tax),
        'discount_allocations': case when shipping_discount > 0 then [{'amount': shipping_discount::varchar, 'discount_application_index': 2.0}] else [] end
    }] end as shipping_lines,
    case when c.n is not null then {
        'id': c.id, 'email': format('{}.{}@example.com', first_name, last_name), 'first_name': first_name,
        'last_name': last_name, 'state': 'enabled', 'currency': 'EUR', 'verified_email': true
    } end as customer,
    case when source <> 'pos' then {'first_name': first_name, 'last_name': last_name, 'city': city, 'zip': (10000 + c.n)::varchar, 'province_code': 'X', 'country_code': country_code} end as shipping_address,
    {'city': city, 'zip': (10000 + c.n)::varchar, 'country_code': country_code} as billing_address
from totals as t
left join customers as c on c.n = t.customer;

-- Two versions of one order in the same millisecond: the cursor tells which is newer, the raw ids would say otherwise.
insert into shopify_orders
select * replace (
    updated_at + interval 1 minute as updated_at, 'the newer of two' as tags,
    '00000000-0000-4000-8000-000000000023' as _airbyte_raw_id)
from shopify_orders where id = 5000000023 and sync = 3;
-- The failed attempt's file came twice; Airbyte gave the second copy a name that is taken.
insert into shopify_orders
select * replace (concat(file, '-1') as file) from shopify_orders where file like '%/5_0.parquet';
-- Tombstones.
insert into shopify_orders by name
select
    sync, format('raw/shopify/orders/{}/{}_0.parquet', partition_of(started), sync) as file,
    raw_id(concat('deletion', n)) as _airbyte_raw_id, extracted(started, 300, n) as _airbyte_extracted_at,
    {'sync_id': sync, 'changes': []} as _airbyte_meta, 1 as _airbyte_generation_id, 5000000000 + n as id,
    'shop.example' as shop_url, started - interval 20 minutes as deleted_at,
    format('Someone deleted order #{}.', 1000 + n) as deleted_message, 'deleted by staff' as deleted_description
from deletions inner join syncs using (sync);

-- ---------------------------------------------------------------- shopify.order_refunds: once, when it is made

insert into shopify_order_refunds by name
select
    r.sync, format('raw/shopify/order_refunds/{}/{}_0.parquet', partition_of(s.started), r.sync) as file,
    raw_id(concat('refund', refund)) as _airbyte_raw_id,
    extracted(s.started, 120, row_number() over (partition by r.sync order by refund)) as _airbyte_extracted_at,
    {'sync_id': r.sync, 'changes': []} as _airbyte_meta, 1 as _airbyte_generation_id,
    r.id, r.order_id, 42 as user_id, r.created_at,
    strftime(r.created_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%S+00:00') as processed_at, r.note, true as restock,
    concat('gid://shopify/Refund/', r.id) as admin_graphql_api_id, 'shop.example' as shop_url, r.order_adjustments,
    r.transactions,
    coalesce((
        select list({'id': l.id, 'line_item_id': l.line_item_id, 'location_id': 1, 'quantity': l.quantity, 'restock_type': l.restock, 'subtotal': l.subtotal::double, 'subtotal_set': euro(l.subtotal::double), 'total_tax': l.tax::double, 'total_tax_set': euro(l.tax::double), 'line_item': {'id': l.line_item_id, 'price': l.price::double, 'gift_card': l.gift_card, 'quantity': l.ordered}} order by l.id)
        from priced_refund_lines as l where l.refund = r.refund
    ), []) as refund_line_items
from refund_records as r
inner join syncs as s on s.sync = r.sync
where r.as_of = r.sync;
-- The connector re-reads its last page after a checkpoint, so some refunds come twice.
insert into shopify_order_refunds
select * replace (
    raw_id(concat('again', id)) as _airbyte_raw_id, _airbyte_extracted_at + interval 1 second as _airbyte_extracted_at)
from shopify_order_refunds where id % 3 = 0;

-- ---------------------------------------------------------------- shopify.customers

create table customer_versions as
select distinct c.n, c.first_sync, s.sync, s.started
from customers as c
inner join syncs as s on s.sync = c.first_sync or exists (
    from orders as o where o.customer = c.n and o.first_sync = s.sync and s.sync > c.first_sync);

insert into shopify_customers by name
select
    v.sync, format('raw/shopify/customers/{}/{}_0.parquet', partition_of(v.started), v.sync) as file,
    raw_id(concat('customer', v.n, '-', v.sync)) as _airbyte_raw_id, extracted(v.started, 150, v.n) as _airbyte_extracted_at,
    {'sync_id': v.sync, 'changes': []} as _airbyte_meta, 1 as _airbyte_generation_id,
    c.id, case when c.n % 17 = 0 then '' else format(' {}.{}@Example.com', c.first_name, c.last_name) end as email,
    c.first_name, c.last_name, case when c.n % 3 = 0 then format('+35191{:07d}', c.n) end as phone,
    (['enabled', 'disabled', 'invited'])[1 + c.n % 3] as state, 'EUR' as currency, 'shop.example' as shop_url,
    c.n % 5 > 0 as verified_email, false as tax_exempt, false as accepts_marketing,
    (select count(*) from orders as o where o.customer = c.n and o.first_sync <= v.sync) as orders_count,
    (select max(5000000000 + o.n) from orders as o where o.customer = c.n and o.first_sync <= v.sync) as last_order_id,
    v.sync * 10.1 as total_spent, timestamptz '2025-10-01 00:00:00+00' + to_hours(c.n) as created_at,
    v.started - to_minutes(c.n) as updated_at,
    {'type': 'timestamp_with_timezone', 'timestamp_with_timezone': timestamptz '2025-10-01 00:00:00+00', 'string': null} as accepts_marketing_updated_at,
    {'id': 7100000000 + c.n, 'customer_id': c.id, 'city': c.city, 'province_code': 'X', 'country_code': c.country_code, 'zip': (10000 + c.n)::varchar, 'default': true} as default_address,
    {'state': case when c.n % 2 = 0 then 'subscribed' else 'not_subscribed' end, 'opt_in_level': 'single_opt_in', 'consent_updated_at': null} as email_marketing_consent,
    case when c.n % 3 = 0 then {'state': 'subscribed', 'opt_in_level': 'single_opt_in', 'consent_collected_from': 'SHOPIFY', 'consent_updated_at': null} end as sms_marketing_consent,
    concat('sync ', v.sync) as tags
from customer_versions as v inner join customers as c using (n);

-- ---------------------------------------------------------------- klaviyo

insert into klaviyo_profiles by name
select
    v.sync, format('raw/klaviyo/profiles/{}/{}_0.parquet', partition_of(v.started), v.sync) as file,
    raw_id(concat('profile', v.n, '-', v.sync)) as _airbyte_raw_id, extracted(v.started, 180, v.n) as _airbyte_extracted_at,
    {'sync_id': v.sync, 'changes': []} as _airbyte_meta, 1 as _airbyte_generation_id,
    'profile' as "type", format('01PROFILE{:08d}', c.n) as id, v.started - to_minutes(c.n) as updated,
    {'self': format('https://a.klaviyo.com/api/profiles/01PROFILE{:08d}/', c.n)} as links,
    {
        'email': format('{}.{}@Example.com', c.first_name, c.last_name), 'external_id': c.id::varchar,
        'first_name': c.first_name, 'last_name': c.last_name, 'locale': 'en-US',
        'created': timestamptz '2025-10-01 00:00:00+00' + to_hours(c.n), 'updated': v.started - to_minutes(c.n),
        'last_event_date': v.started - interval 3 hours,
        'location': {
            'city': c.city, 'country': c.country_code, 'zip': (10000 + c.n)::varchar, 'timezone': 'Europe/Lisbon',
            -- a number for some, text for others
            'latitude': case when c.n % 2 = 0 then {'type': 'number', 'number': 38.5 + c.n / 100, 'string': null} else {'type': 'string', 'number': null, 'string': (38.5 + c.n / 100)::varchar} end,
            'longitude': case when c.n % 3 > 0 then {'type': 'number', 'number': -9.25, 'string': null} end
        },
        'properties': format('{{"vip":{},"size":"{}","note":"say \"{}\""}}', c.n % 4 = 0, (['S', 'M', 'L'])[1 + c.n % 3], 'hi'),
        'predictive_analytics': {'churn_probability': 0.25, 'historic_clv': v.sync * 10.1, 'predicted_clv': 5.05, 'total_clv': v.sync * 10.1 + 5.05, 'historic_number_of_orders': v.sync, 'predicted_number_of_orders': 1.5, 'expected_date_of_next_order': '2026-03-01T00:00:00'},
        'subscriptions': {
            'email': {'marketing': {'can_receive_email_marketing': c.n % 5 > 0, 'consent': case when c.n % 2 = 0 then 'SUBSCRIBED' else 'NEVER_SUBSCRIBED' end, 'consent_timestamp': case when c.n % 2 = 0 then timestamptz '2025-10-01 00:00:00.123+00' end, 'suppressions': case when c.n % 5 = 0 then [{'reason': 'HARD_BOUNCE', 'timestamp': v.started}] else [] end}},
            'sms': {'marketing': {'can_receive_sms_marketing': c.n % 3 = 0, 'consent': 'SUBSCRIBED'}}
        }
    } as attributes
from customer_versions as v inner join customers as c using (n);

-- In sync 3 two parts came to the same name, and Airbyte put a number behind the second one's suffix.
insert into klaviyo_events by name
select
    sync,
    format('raw/klaviyo/events/{}/{}_0.parquet', partition_of(started), sync)
        || case when sync = 3 and dice(id, 'part', 2) = 0 then '-1' else '' end as file,
    raw_id(concat('event', id)) as _airbyte_raw_id, extracted(started, 210, row_number() over (partition by sync order by id)) as _airbyte_extracted_at,
    {'sync_id': sync, 'changes': []} as _airbyte_meta, 1 as _airbyte_generation_id,
    'event' as "type", id, happened as datetime, {'self': format('https://a.klaviyo.com/api/events/{}/', id)} as links,
    {'metric': {'data': {'type': 'metric', 'id': metric}}, 'profile': {'data': {'type': 'profile', 'id': format('01PROFILE{:08d}', customer)}}, 'attributions': {'data': []}} as relationships,
    {'datetime': happened, 'timestamp': epoch(happened)::bigint, 'uuid': raw_id(concat('uuid', id)), 'event_properties': properties} as attributes
from (
    select
        first_sync as sync, format('3order{:07d}', n) as id, 'Mplaced' as metric, customer, created as happened,
        -- a property of any type that the shop sends, even text where a number is meant
        format('{{"$value":{},"OrderId":"{}","Items":["Thing \"{}\""],"$extra":{{"tip":{}}}}}', case when n % 11 = 0 then '"n/a"' when n % 2 = 0 then (n * 1.5)::varchar else format('"{}"', n * 1.5) end, 5000000000 + n, n % 7, tip) as properties
    from orders where customer is not null and n <> 24
    union all
    select
        first_sync, format('3open{:08d}', n), 'Mopened', customer, created - interval 1 hour,
        format('{{"Campaign Name":"Autumn","Subject":"It''s here – new things","$attributed_message":"01MESSAGE{}","$attributed_flow":{}}}', n % 3, case when n % 2 = 0 then '"Fwelcome"' else 'null' end)
    from orders where customer is not null and n > 100 and n % 3 = 0
) inner join syncs using (sync);

-- The connector reads e-mail and SMS, archived and other campaigns in four passes: one may be met twice in a sync.
insert into klaviyo_campaigns by name
select
    sync, format('raw/klaviyo/campaigns/{}/{}_0.parquet', partition_of(started), sync) as file,
    raw_id(concat('campaign', c, '-', sync, '-', pass)) as _airbyte_raw_id, extracted(started, 240 + pass, c) as _airbyte_extracted_at,
    {'sync_id': sync, 'changes': []} as _airbyte_meta, 1 as _airbyte_generation_id,
    'campaign' as "type", concat('01CAMPAIGN', c) as id, started - to_hours(c) as updated_at,
    {'self': format('https://a.klaviyo.com/api/campaigns/01CAMPAIGN{}/', c)} as links,
    -- campaign-messages: Parquet has no dashes
    {'campaign_messages': {'data': case when c = 4 then [] else [{'type': 'campaign-message', 'id': concat('01MESSAGE', c)}, {'type': 'campaign-message', 'id': concat('01OTHER', c)}] end}, 'tags': {'data': []}} as relationships,
    {
        'name': concat((['Autumn', 'Winter', 'Sale', 'Draft', 'News'])[1 + c], ' campaign'), 'status': case when c = 3 then 'Draft' else 'Sent' end,
        'channel': case when c = 2 then 'sms' else 'email' end, 'archived': pass = 1, 'created_at': timestamptz '2025-11-01 08:00:00+00',
        'updated_at': started - to_hours(c), 'scheduled_at': timestamptz '2025-11-02 08:00:00+00', 'send_time': case when c <> 3 then timestamptz '2025-11-03 08:00:00+00' end,
        'audiences': {'included': ['Lnews', concat('S', c)], 'excluded': case when c = 1 then ['Sgone'] else [] end},
        'tracking_options': {'is_tracking_opens': true, 'is_tracking_clicks': c % 2 = 0, 'utm_params': []},
        'send_strategy': {'method': case when c = 0 then 'throttled' else 'static' end}
    } as attributes
from syncs, range(5) as t(c), (values (0), (1)) as p(pass)
where (sync in (1, 4) or sync = 6 and c < 2) and (pass = 0 or c = 0);

insert into klaviyo_flows by name
select
    sync, format('raw/klaviyo/flows/{}/{}_0.parquet', partition_of(started), sync) as file,
    raw_id(concat('flow', id, sync)) as _airbyte_raw_id, extracted(started, 260, actions) as _airbyte_extracted_at,
    {'sync_id': sync, 'changes': []} as _airbyte_meta, 1 as _airbyte_generation_id,
    'flow' as "type", id, started - interval 5 hours as updated, {'self': format('https://a.klaviyo.com/api/flows/{}/', id)} as links,
    {'flow_actions': {'data': [{'type': 'flow-action', 'id': a::varchar} for a in range(actions + sync)]}, 'tags': {'data': []}} as relationships,
    {'name': name, 'status': case when sync < 4 then 'draft' else 'live' end, 'archived': false, 'trigger_type': trigger_type, 'created': timestamptz '2025-10-10 10:00:00+00', 'updated': started - interval 5 hours} as attributes
from syncs, (values ('Fwelcome', 'Welcome', 'Added to List', 3), ('Fcart', 'Abandoned cart', 'Metric', 0)) as f(id, name, trigger_type, actions)
where sync in (1, 3, 6);

insert into klaviyo_metrics by name
select
    sync, format('raw/klaviyo/metrics/{}/{}_0.parquet', partition_of(started), sync) as file,
    raw_id(concat('metric', id, sync)) as _airbyte_raw_id, extracted(started, 270, 1) as _airbyte_extracted_at,
    {'sync_id': sync, 'changes': []} as _airbyte_meta, 1 as _airbyte_generation_id,
    'metric' as "type", id, started - interval 6 hours as updated, {'self': format('https://a.klaviyo.com/api/metrics/{}/', id)} as links,
    {'name': name, 'created': timestamptz '2025-10-10 10:00:00+00', 'updated': started - interval 6 hours, 'integration': integration} as attributes
from syncs, (values
    ('Mplaced', 'Placed Order', '{"object":"integration","id":"7FtS4J","name":"Shopify","category":"eCommerce"}'),
    ('Mopened', 'Opened Email', '{"object":"integration","id":"0rG4eQ","name":"Klaviyo","category":"Internal"}'),
    ('Mtyped', 'Active on Site', null)
) as m(id, name, integration)
where sync = 1 or sync = 5 and id <> 'Mtyped';

insert into klaviyo_lists by name
select
    sync, format('raw/klaviyo/lists/{}/{}_0.parquet', partition_of(started), sync) as file,
    raw_id(concat('list', id, sync)) as _airbyte_raw_id, extracted(started, 280, 1) as _airbyte_extracted_at,
    {'sync_id': sync, 'changes': []} as _airbyte_meta, 1 as _airbyte_generation_id,
    'list' as "type", id, started - interval 7 hours as updated, {'self': format('https://a.klaviyo.com/api/lists/{}/', id)} as links,
    {'name': case when sync = 1 then name else concat(name, ' (renamed)') end, 'opt_in_process': process, 'created': timestamptz '2025-10-10 10:00:00+00', 'updated': started - interval 7 hours} as attributes
from syncs, (values ('Lnews', 'Newsletter', 'double_opt_in'), ('Lvip', 'Best customers', 'single_opt_in')) as l(id, name, process)
where sync = 1 or sync = 7 and id = 'Lvip';
