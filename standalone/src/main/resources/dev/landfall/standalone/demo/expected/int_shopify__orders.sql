with rows as (select * from newest_shopify_orders),

line_sums as (
    select
        i.id, i.place, i.item.price::decimal(18, 2) as price, i.item.quantity::integer as quantity,
        i.item.gift_card is true as gift,
        (select coalesce(sum(a.amount::decimal(18, 2)), 0)::decimal(18, 2) from (select unnest(i.item.discount_allocations) as a)) as discount,
        (select coalesce(sum(t.price::decimal(18, 2)), 0)::decimal(18, 2) from (select unnest(i.item.tax_lines) as t)) as tax,
        i.item
    from (select id, generate_subscripts(line_items, 1) as place, unnest(line_items) as item from rows) as i
),

per_order as (
    select
        id,
        list(struct_pack(
            line_item_id := item.id, product_id := item.product_id, variant_id := item.variant_id, sku := item.sku,
            title := item.title, quantity := quantity, price := price, line_discount := discount, is_gift_card := gift,
            tax := tax) order by place) as line_items,
        count(*) as line_count, sum(quantity)::bigint as units,
        sum(price * quantity) filter (not gift) as gross, sum(discount) filter (not gift) as discount,
        sum(tax) filter (not gift) as tax, sum(price * quantity) filter (gift) as gift
    from line_sums group by id
),

shipping as (
    select
        id,
        sum((select sum(a.amount::decimal(18, 2)) from (select unnest(s.discount_allocations) as a))) as discount,
        sum((select sum((t->>'price')::decimal(18, 2)) from (select unnest(json_extract(s.tax_lines, '$[*]')) as t))) as tax
    from (select id, unnest(shipping_lines) as s from rows) group by id
),

refund_rows as (
    select
        id, generate_subscripts(refunds, 1) as place, unnest(refunds) as r from rows
),

refund_lists as (
    select
        id,
        list(struct_pack(
            refund_id := r.id,
            shipping_refund := (select -coalesce(sum(a.amount::decimal(18, 2)), 0) from (select unnest(r.order_adjustments) as a) where a.kind = 'shipping_refund')::decimal(18, 2),
            shipping_tax_refund := (select -coalesce(sum(a.tax_amount::decimal(18, 2)), 0) from (select unnest(r.order_adjustments) as a) where a.kind = 'shipping_refund')::decimal(18, 2),
            discrepancy := (select coalesce(sum(a.amount::decimal(18, 2)), 0) from (select unnest(r.order_adjustments) as a) where a.kind = 'refund_discrepancy')::decimal(18, 2),
            discrepancy_tax := (select coalesce(sum(a.tax_amount::decimal(18, 2)), 0) from (select unnest(r.order_adjustments) as a) where a.kind = 'refund_discrepancy')::decimal(18, 2),
            cash_refunded := (select coalesce(sum(t.amount::decimal(18, 2)), 0) from (select unnest(r.transactions) as t) where t.kind = 'refund' and t.status = 'success')::decimal(18, 2),
            cash_pending := (select coalesce(sum(t.amount::decimal(18, 2)), 0) from (select unnest(r.transactions) as t) where t.kind = 'refund' and t.status = 'pending')::decimal(18, 2),
            is_settled := not exists (from (select unnest(r.transactions) as t) where t.kind = 'refund' and coalesce(t.status, '') <> 'success')
        ) order by place) as refunds
    from refund_rows group by id
)

select
    r.id as order_id, r.shop_url, r.name as order_name, r.order_number, r.customer.id as customer_id,
    case
        when length(trim(r.email)) > 0 then lower(trim(r.email))
        when length(trim(r.contact_email)) > 0 then lower(trim(r.contact_email))
        when length(trim(r.customer.email)) > 0 then lower(trim(r.customer.email))
    end as customer_email,
    r.created_at, r.processed_at::timestamptz as processed_at, r.updated_at, r.cancelled_at, r.closed_at,
    r.test is true as is_test, r.cancelled_at is not null as is_cancelled, r.cancel_reason, r.financial_status,
    r.fulfillment_status, r.currency, r.presentment_currency, r.taxes_included is true as taxes_included, r.source_name,
    r.total_line_items_price::decimal(18, 2) as total_line_items_price, r.total_discounts::decimal(18, 2) as total_discounts,
    r.subtotal_price::decimal(18, 2) as subtotal_price, r.total_tax::decimal(18, 2) as total_tax,
    r.total_shipping_price_set.shop_money.amount::decimal(18, 2) as total_shipping,
    coalesce(s.discount, 0)::decimal(18, 2) as shipping_discounts, coalesce(s.tax, 0)::decimal(18, 2) as shipping_tax,
    r.total_tip_received::decimal(18, 2) as total_tip,
    json_extract_string(r.original_total_duties_set, '$.shop_money.amount')::decimal(18, 2) as total_duties,
    r.original_total_additional_fees_set.shop_money.amount::decimal(18, 2) as total_additional_fees,
    r.total_price::decimal(18, 2) as total_price, r.current_total_price::decimal(18, 2) as current_total_price,
    case when r.line_items is null then null else coalesce(p.line_items, []) end as line_items,
    coalesce(p.line_count, 0) as line_count, coalesce(p.units, 0) as units,
    coalesce(p.gross, 0)::decimal(18, 2) as gross_sales, coalesce(p.discount, 0)::decimal(18, 2) as line_discounts,
    coalesce(p.tax, 0)::decimal(18, 2) as line_tax, coalesce(p.gift, 0)::decimal(18, 2) as gift_card_sales,
    case when r.refunds is null then null else coalesce(f.refunds, []) end as refunds,
    case when r.discount_codes is null then null else list_transform(r.discount_codes, lambda c: c.code) end as discount_codes,
    r.payment_gateway_names[1] as first_payment_gateway, r.shipping_address.city as shipping_city,
    r.shipping_address.province_code as shipping_province_code, r.shipping_address.country_code as shipping_country_code,
    r.shipping_address.zip as shipping_zip, r.billing_address.country_code as billing_country_code, r.landing_site,
    r.referring_site, r.tags, r._airbyte_extracted_at, r._airbyte_raw_id, r.year, r.month, r.day
from rows as r
left join per_order as p on p.id = r.id
left join shipping as s on s.id = r.id
left join refund_lists as f on f.id = r.id
