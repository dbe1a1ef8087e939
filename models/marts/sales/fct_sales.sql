{{ config(tags=['mart'], materialized='table') }}

-- One row per order. Every amount is in the shop's currency and before tax, so that the parts add up to total_sales
-- whether or not the shop's prices include tax. The definitions and where they come from: _sales__models.yml.

with orders as (
    select
        *,
        -- a voided payment never became a sale
        case when financial_status = 'voided' then 0 else 1 end as counts,
        case when taxes_included then line_tax else 0 end as tax_in_lines,
        case when taxes_included then shipping_tax else 0 end as tax_in_shipping
    from {{ ref('int_shopify__orders') }} as o
    where not is_test
        and not exists (from {{ ref('int_shopify__order_deletions') }} as d where d.order_id = o.order_id)
),

-- An order holds a copy of each of its refunds that is fresher than the refund itself, which lands only once: a refund
-- that was pending then may be paid by now.
copies as (
    select refund.* from (select unnest(refunds) as refund from orders)
),

refunds as (
    select
        refund.order_id,
        refund.line_count,
        refund.line_tax,
        refund.line_subtotal - refund.line_subtotal_gift_card as goods,
        coalesce(copy.shipping_refund, refund.shipping_refund) as shipping_refund,
        coalesce(copy.shipping_tax_refund, refund.shipping_tax_refund) as shipping_tax_refund,
        coalesce(copy.discrepancy, refund.discrepancy) as discrepancy,
        coalesce(copy.cash_refunded, refund.cash_refunded) as cash_refunded,
        coalesce(copy.cash_pending, refund.cash_pending) as cash_pending,
        coalesce(copy.is_settled, refund.is_settled) as is_settled
    from {{ ref('int_shopify__order_refunds') }} as refund
    left join copies as copy on copy.refund_id = refund.refund_id
),

-- What has been given back. A refund of which no cash has moved yet is not given back; one that moves no cash at all,
-- as a cancelled order's or an edit's, is.
given_back as (
    select
        *,
        is_settled or cash_refunded > 0 as happened,
        -- the part of the discrepancy that belongs to goods: a refund without goods, or one not paid, posts the whole
        -- of its amount as a discrepancy, and subtracting that would make negative returns
        case when line_count = 0 then 0 else least(greatest(discrepancy, 0), goods) end as goods_kept
    from refunds
),

-- one row per order before the join: an order with three refunds stays one row
returned as (
    select
        order_id,
        count(*) as refund_count,
        sum(case when happened then goods - goods_kept else 0 end) as goods,
        sum(case when happened then line_tax else 0 end) as goods_tax,
        sum(case when happened then shipping_refund else 0 end) as shipping,
        sum(case when happened then shipping_tax_refund else 0 end) as shipping_tax,
        sum(cash_refunded) as cash_refunded,
        sum(cash_pending) as cash_pending,
        bool_or(discrepancy <> goods_kept) as is_discrepancy_clamped
    from given_back
    group by order_id
),

parts as (
    select
        o.*,
        r.refund_count,
        r.cash_refunded,
        r.cash_pending,
        r.is_discrepancy_clamped,
        counts * (o.gross_sales - tax_in_lines) as gross,
        counts * o.line_discounts as line_discount,
        counts * (coalesce(r.goods, 0) - case when taxes_included then coalesce(r.goods_tax, 0) else 0 end) as goods_back,
        counts * (
            coalesce(total_shipping, 0) - shipping_discounts - tax_in_shipping - coalesce(r.shipping, 0)
        ) as net_shipping,
        counts * (coalesce(total_tax, 0) - coalesce(r.goods_tax, 0) - coalesce(r.shipping_tax, 0)) as net_tax,
        counts * (coalesce(total_duties, 0) + coalesce(total_additional_fees, 0)) as duties_and_fees
    from orders as o
    left join returned as r on r.order_id = o.order_id
)

select
    order_id,
    customer_id,
    cast(coalesce(processed_at, created_at) at time zone '{{ var("shop_timezone", "UTC") }}' as date) as order_date,
    order_name,
    currency,
    financial_status,
    fulfillment_status,
    is_cancelled,
    cast(gross as decimal(18, 2)) as gross_sales,
    cast(line_discount as decimal(18, 2)) as discounts,
    cast(goods_back as decimal(18, 2)) as returns,
    cast(gross - line_discount - goods_back as decimal(18, 2)) as net_sales,
    cast(net_shipping as decimal(18, 2)) as shipping,
    cast(net_tax as decimal(18, 2)) as taxes,
    cast(duties_and_fees as decimal(18, 2)) as duties_and_fees,
    cast(
        gross - line_discount - goods_back + net_shipping + net_tax + duties_and_fees as decimal(18, 2)
    ) as total_sales,

    -- beside the sales, not in them
    cast(counts * coalesce(total_tip, 0) as decimal(18, 2)) as tips,
    cast(counts * gift_card_sales as decimal(18, 2)) as gift_card_sales,
    coalesce(refund_count, 0) as refund_count,
    cast(coalesce(cash_refunded, 0) as decimal(18, 2)) as cash_refunded,
    cast(coalesce(cash_pending, 0) as decimal(18, 2)) as cash_refund_pending,
    coalesce(is_discrepancy_clamped, false) as is_discrepancy_clamped
from parts
