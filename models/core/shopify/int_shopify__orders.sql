{{ config(
    tags=['core', 'shopify__orders'],
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='order_id',
    sequence_by=['_airbyte_extracted_at', 'updated_at', '_airbyte_raw_id'],
) }}

with newest as (
    select *
    from {{ source('shopify', 'orders') }}
    -- The stream holds two kinds of records. A tombstone has only an id and deleted_at, and as the newest version it
    -- would wipe its order out: int_shopify__order_deletions has those.
    where {{ landed_partitions() }} and created_at is not null
    qualify {{ newest('id', 'updated_at') }}
),

parsed as (
    select
        *,
        customer::json as customer_json,
        shipping_address::json as shipping_json,
        billing_address::json as billing_json,
        from_json(line_items::json, '[{
            "id": "BIGINT", "product_id": "BIGINT", "variant_id": "BIGINT", "sku": "VARCHAR", "title": "VARCHAR",
            "quantity": "INTEGER", "price": "DECIMAL(18,2)", "gift_card": "BOOLEAN",
            "discount_allocations": [{"amount": "DECIMAL(18,2)"}], "tax_lines": [{"price": "DECIMAL(18,2)"}]
        }]') as line_records,
        from_json(shipping_lines::json, '[{
            "discount_allocations": [{"amount": "DECIMAL(18,2)"}], "tax_lines": "JSON"
        }]') as shipping_records,
        from_json(refunds::json, '[{
            "id": "BIGINT",
            "order_adjustments": [{"kind": "VARCHAR", "amount": "DECIMAL(18,2)", "tax_amount": "DECIMAL(18,2)"}],
            "transactions": [{"kind": "VARCHAR", "status": "VARCHAR", "amount": "DECIMAL(18,2)"}]
        }]') as refund_records
    from newest
),

typed as (
    select
        *,
        [{
            'line_item_id': line.id,
            'product_id': line.product_id,
            'variant_id': line.variant_id,
            'sku': line.sku,
            'title': line.title,
            'quantity': line.quantity,
            'price': line.price,
            'line_discount': {{ total_of('line.discount_allocations', 'x.amount') }},
            'is_gift_card': coalesce(line.gift_card, false),
            'tax': {{ total_of('line.tax_lines', 'x.price') }}
        } for line in line_records] as order_lines,
        [{
            'discount': {{ total_of('shipping.discount_allocations', 'x.amount') }},
            -- the tax lines of shipping are an array without a schema, which Airbyte writes as JSON text
            'tax': {{ total_of(
                "from_json((shipping.tax_lines->>'$')::json, '[{\"price\": \"DECIMAL(18,2)\"}]')", 'x.price') }}
        } for shipping in shipping_records] as order_shipping,
        [{
            'refund_id': refund.id,
            'shipping_refund': -{{ refund_adjustments('refund.order_adjustments', 'amount', 'shipping_refund') }},
            'shipping_tax_refund': -{{ refund_adjustments('refund.order_adjustments', 'tax_amount', 'shipping_refund') }},
            'discrepancy': {{ refund_adjustments('refund.order_adjustments', 'amount', 'refund_discrepancy') }},
            'discrepancy_tax': {{ refund_adjustments('refund.order_adjustments', 'tax_amount', 'refund_discrepancy') }},
            'cash_refunded': {{ refund_cash('refund.transactions', 'success') }},
            'cash_pending': {{ refund_cash('refund.transactions', 'pending') }},
            'is_settled': {{ refund_is_settled('refund.transactions') }}
        } for refund in refund_records] as order_refunds
    from parsed
)

select
    cast(id as bigint) as order_id,
    shop_url,
    name as order_name,
    cast(order_number as bigint) as order_number,
    cast(customer_json->>'$.id' as bigint) as customer_id,
    lower(coalesce(
        nullif(trim(email), ''), nullif(trim(contact_email), ''), nullif(trim(customer_json->>'$.email'), '')
    )) as customer_email,

    cast(created_at as timestamptz) as created_at,
    cast(processed_at as timestamptz) as processed_at,
    cast(updated_at as timestamptz) as updated_at,
    cast(cancelled_at as timestamptz) as cancelled_at,
    cast(closed_at as timestamptz) as closed_at,

    coalesce(test, false) as is_test,
    cancelled_at is not null as is_cancelled,
    cancel_reason,
    financial_status,
    fulfillment_status,
    currency,
    presentment_currency,
    coalesce(taxes_included, false) as taxes_included,
    source_name,

    cast(total_line_items_price as decimal(18, 2)) as total_line_items_price,
    cast(total_discounts as decimal(18, 2)) as total_discounts,
    cast(subtotal_price as decimal(18, 2)) as subtotal_price,
    cast(total_tax as decimal(18, 2)) as total_tax,
    cast(total_shipping_price_set::json->>'$.shop_money.amount' as decimal(18, 2)) as total_shipping,
    {{ total_of('order_shipping', 'x.discount') }} as shipping_discounts,
    {{ total_of('order_shipping', 'x.tax') }} as shipping_tax,
    cast(total_tip_received as decimal(18, 2)) as total_tip,
    -- Airbyte declares the duties a string, and Shopify sends an object
    cast(try_cast(original_total_duties_set as json)->>'$.shop_money.amount' as decimal(18, 2)) as total_duties,
    cast(original_total_additional_fees_set::json->>'$.shop_money.amount' as decimal(18, 2)) as total_additional_fees,
    cast(total_price as decimal(18, 2)) as total_price,
    cast(current_total_price as decimal(18, 2)) as current_total_price,

    -- the order's own lines, and their sums; a gift card is money kept for the customer, not goods
    order_lines as line_items,
    coalesce(len(order_lines), 0) as line_count,
    cast(coalesce(list_sum([x.quantity for x in order_lines]), 0) as bigint) as units,
    {{ total_of('order_lines', 'x.price * x.quantity', 'not x.is_gift_card') }} as gross_sales,
    {{ total_of('order_lines', 'x.line_discount', 'not x.is_gift_card') }} as line_discounts,
    {{ total_of('order_lines', 'x.tax', 'not x.is_gift_card') }} as line_tax,
    {{ total_of('order_lines', 'x.price * x.quantity', 'x.is_gift_card') }} as gift_card_sales,
    order_refunds as refunds,

    [x.code for x in from_json(discount_codes::json, '[{"code": "VARCHAR"}]')] as discount_codes,
    payment_gateway_names::json->>'$[0]' as first_payment_gateway,
    shipping_json->>'$.city' as shipping_city,
    shipping_json->>'$.province_code' as shipping_province_code,
    shipping_json->>'$.country_code' as shipping_country_code,
    shipping_json->>'$.zip' as shipping_zip,
    billing_json->>'$.country_code' as billing_country_code,
    landing_site,
    referring_site,
    tags,

    _airbyte_extracted_at,
    _airbyte_raw_id,
    year,
    month,
    day
from typed
