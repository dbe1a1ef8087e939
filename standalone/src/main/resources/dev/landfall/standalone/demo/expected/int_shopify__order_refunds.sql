with rows as (select * from newest_shopify_order_refunds),

lines as (
    select
        id,
        list(struct_pack(
            refund_line_id := l.id, line_item_id := l.line_item_id, quantity := l.quantity::integer,
            restock_type := l.restock_type, subtotal := l.subtotal::decimal(18, 2), total_tax := l.total_tax::decimal(18, 2),
            is_gift_card := l.line_item.gift_card is true) order by place) as refund_lines,
        count(*) as line_count, sum(l.quantity)::bigint as quantity, sum(l.subtotal::decimal(18, 2)) as subtotal,
        sum(l.total_tax::decimal(18, 2)) as tax, sum(l.subtotal::decimal(18, 2)) filter (l.line_item.gift_card) as gift
    from (select id, generate_subscripts(refund_line_items, 1) as place, unnest(refund_line_items) as l from rows)
    group by id
),

adjustments as (
    select
        id,
        -sum(a.amount::decimal(18, 2)) filter (a.kind = 'shipping_refund') as shipping,
        -sum(a.tax_amount::decimal(18, 2)) filter (a.kind = 'shipping_refund') as shipping_tax,
        sum(a.amount::decimal(18, 2)) filter (a.kind = 'refund_discrepancy') as discrepancy,
        sum(a.tax_amount::decimal(18, 2)) filter (a.kind = 'refund_discrepancy') as discrepancy_tax
    from (select id, unnest(order_adjustments) as a from rows) group by id
),

payments as (
    select
        id,
        sum(t.amount::decimal(18, 2)) filter (t.kind = 'refund' and t.status = 'success') as done,
        sum(t.amount::decimal(18, 2)) filter (t.kind = 'refund' and t.status = 'pending') as pending,
        bool_and(t.kind <> 'refund' or coalesce(t.status, '') = 'success') as settled
    from (select id, unnest(transactions) as t from rows) group by id
)

select
    r.id as refund_id, r.order_id, r.shop_url, r.created_at, r.processed_at::timestamptz as processed_at, r.restock, r.note,
    case when r.refund_line_items is null then null else coalesce(l.refund_lines, []) end as refund_lines,
    coalesce(l.line_count, 0) as line_count, coalesce(l.quantity, 0) as quantity,
    coalesce(l.subtotal, 0)::decimal(18, 2) as line_subtotal, coalesce(l.tax, 0)::decimal(18, 2) as line_tax,
    coalesce(l.gift, 0)::decimal(18, 2) as line_subtotal_gift_card,
    coalesce(a.shipping, 0)::decimal(18, 2) as shipping_refund, coalesce(a.shipping_tax, 0)::decimal(18, 2) as shipping_tax_refund,
    coalesce(a.discrepancy, 0)::decimal(18, 2) as discrepancy, coalesce(a.discrepancy_tax, 0)::decimal(18, 2) as discrepancy_tax,
    coalesce(p.done, 0)::decimal(18, 2) as cash_refunded, coalesce(p.pending, 0)::decimal(18, 2) as cash_pending,
    r.transactions[1].currency as currency, coalesce(p.settled, true) as is_settled, r._airbyte_extracted_at,
    r._airbyte_raw_id, r.year, r.month, r.day
from rows as r
left join lines as l on l.id = r.id
left join adjustments as a on a.id = r.id
left join payments as p on p.id = r.id
