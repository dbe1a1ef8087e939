-- Another way to the same figures: every amount of an order is one entry of a journal, and the columns are its sums.
with sold as (
    select * from newest_shopify_orders
    where test is not true and id not in (select id from raw_shopify_order_deletions)
),

lines as (
    select
        o.id, o.taxes_included is true as taxed, i.price::decimal(18, 2) * i.quantity::integer as amount, i.gift_card is true as gift,
        (select coalesce(sum(a.amount::decimal(18, 2)), 0) from (select unnest(i.discount_allocations) as a)) as discount,
        (select coalesce(sum(t.price::decimal(18, 2)), 0) from (select unnest(i.tax_lines) as t)) as tax
    from (select *, unnest(line_items) as i from sold) as o
),

shipping_lines as (
    select
        o.id, o.taxes_included is true as taxed,
        (select coalesce(sum(a.amount::decimal(18, 2)), 0) from (select unnest(s.discount_allocations) as a)) as discount,
        (select coalesce(sum((t->>'price')::decimal(18, 2)), 0) from (select unnest(json_extract(s.tax_lines, '$[*]')) as t)) as tax
    from (select *, unnest(shipping_lines) as s from sold) as o
),

refunds as (
    select
        f.id as refund, o.id, o.taxes_included is true as taxed, f.refund_line_items as items,
        coalesce(c.r.transactions, f.transactions) as transactions,
        coalesce(c.r.order_adjustments, f.order_adjustments) as adjustments
    from newest_shopify_order_refunds as f
    inner join sold as o on o.id = f.order_id
    left join (select unnest(refunds) as r from sold) as c on c.r.id = f.id
),

refund_facts as (
    select
        refund, id, taxed, len(items) > 0 as has_goods,
        (select coalesce(sum(i.subtotal::decimal(18, 2)), 0) from (select unnest(items) as i) where i.line_item.gift_card is not true) as goods,
        (select coalesce(sum(i.total_tax::decimal(18, 2)), 0) from (select unnest(items) as i)) as tax,
        (select coalesce(sum(a.amount::decimal(18, 2)), 0) from (select unnest(adjustments) as a) where a.kind = 'refund_discrepancy') as discrepancy,
        (select coalesce(sum(a.amount::decimal(18, 2)), 0) from (select unnest(adjustments) as a) where a.kind = 'shipping_refund') as shipping,
        (select coalesce(sum(a.tax_amount::decimal(18, 2)), 0) from (select unnest(adjustments) as a) where a.kind = 'shipping_refund') as shipping_tax,
        (select coalesce(sum(t.amount::decimal(18, 2)), 0) from (select unnest(transactions) as t) where t.kind = 'refund' and t.status = 'success') as paid,
        (select coalesce(sum(t.amount::decimal(18, 2)), 0) from (select unnest(transactions) as t) where t.kind = 'refund' and t.status = 'pending') as unpaid,
        (select count(*) from (select unnest(transactions) as t) where t.kind = 'refund' and coalesce(t.status, '') <> 'success') as unsettled
    from refunds
),

refund_effects as (
    select
        *, unsettled = 0 or paid > 0 as counts,
        case when not has_goods or discrepancy < 0 then 0 when discrepancy > goods then goods else discrepancy end as kept
    from refund_facts
),

journal as (
    select id, 'gross' as account, amount - case when taxed then tax else 0 end as amount from lines where not gift
    union all select id, 'discount', discount from lines where not gift
    union all select id, 'gift card', amount from lines where gift
    union all select id, 'shipping', total_shipping_price_set.shop_money.amount::decimal(18, 2) from sold
    union all select id, 'shipping', -discount - case when taxed then tax else 0 end from shipping_lines
    union all select id, 'tax', total_tax::decimal(18, 2) from sold
    union all select id, 'other', json_extract_string(original_total_duties_set, '$.shop_money.amount')::decimal(18, 2) from sold
    union all select id, 'other', original_total_additional_fees_set.shop_money.amount::decimal(18, 2) from sold
    union all select id, 'tip', total_tip_received::decimal(18, 2) from sold
    union all select id, 'return', goods - kept - case when taxed then tax else 0 end from refund_effects where counts
    union all select id, 'tax', -tax + shipping_tax from refund_effects where counts
    union all select id, 'shipping', shipping from refund_effects where counts
),

accounts as (
    select
        id, sum(amount) filter (account = 'gross') as gross, sum(amount) filter (account = 'discount') as discount,
        sum(amount) filter (account = 'return') as returned, sum(amount) filter (account = 'shipping') as shipping,
        sum(amount) filter (account = 'tax') as tax, sum(amount) filter (account = 'other') as other,
        sum(amount) filter (account = 'tip') as tip, sum(amount) filter (account = 'gift card') as gift
    from journal where id not in (select id from sold where financial_status = 'voided')
    group by id
),

refund_sums as (
    select id, count(*) as refund_count, sum(paid) as paid, sum(unpaid) as unpaid, count(*) filter (discrepancy <> kept) as clamped
    from refund_effects group by id
)

select
    o.id as order_id, o.customer.id as customer_id,
    (coalesce(o.processed_at::timestamptz, o.created_at) at time zone 'UTC')::date as order_date, o.name as order_name,
    o.currency, o.financial_status, o.fulfillment_status, o.cancelled_at is not null as is_cancelled,
    coalesce(gross, 0)::decimal(18, 2) as gross_sales, coalesce(discount, 0)::decimal(18, 2) as discounts,
    coalesce(returned, 0)::decimal(18, 2) as returns,
    (coalesce(gross, 0) - coalesce(discount, 0) - coalesce(returned, 0))::decimal(18, 2) as net_sales,
    coalesce(shipping, 0)::decimal(18, 2) as shipping, coalesce(tax, 0)::decimal(18, 2) as taxes,
    coalesce(other, 0)::decimal(18, 2) as duties_and_fees,
    (coalesce(gross, 0) - coalesce(discount, 0) - coalesce(returned, 0) + coalesce(shipping, 0) + coalesce(tax, 0)
        + coalesce(other, 0))::decimal(18, 2) as total_sales,
    coalesce(tip, 0)::decimal(18, 2) as tips, coalesce(gift, 0)::decimal(18, 2) as gift_card_sales,
    coalesce(r.refund_count, 0) as refund_count, coalesce(r.paid, 0)::decimal(18, 2) as cash_refunded,
    coalesce(r.unpaid, 0)::decimal(18, 2) as cash_refund_pending, coalesce(r.clamped, 0) > 0 as is_discrepancy_clamped
from sold as o
left join accounts as a on a.id = o.id
left join refund_sums as r on r.id = o.id
