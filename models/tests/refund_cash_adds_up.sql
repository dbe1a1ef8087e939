{{ config(severity='warn') }}

-- A settled refund gives back what its parts say. Refunds that fail this have most likely given back shipping in
-- refund_shipping_lines (Shopify's API since 2024-10), which Airbyte's schema does not have. Where prices contain tax,
-- line_subtotal contains line_tax already.
with refunds as (
    select
        *,
        order_id in (select order_id from {{ ref('int_shopify__orders') }} where taxes_included) as taxes_included
    from {{ ref('int_shopify__order_refunds') }}
)

select
    refund_id, order_id, cash_refunded, line_subtotal, line_tax, shipping_refund, shipping_tax_refund, discrepancy,
    discrepancy_tax
from refunds
where is_settled
    and cash_refunded > 0
    and abs(
        cash_refunded
        - (line_subtotal + case when taxes_included then 0 else line_tax end)
        - (shipping_refund + shipping_tax_refund - discrepancy - discrepancy_tax)
    ) > 0.01
