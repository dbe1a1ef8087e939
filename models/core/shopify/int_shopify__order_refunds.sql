{{ config(
    tags=['core', 'shopify__order_refunds'],
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='refund_id',
    sequence_by=['_airbyte_extracted_at', 'created_at', '_airbyte_raw_id'],
) }}

with newest as (
    select *
    from {{ source('shopify', 'order_refunds') }}
    where {{ landed_partitions() }}
    qualify {{ newest('id', 'created_at') }}
),

parsed as (
    select
        *,
        from_json(refund_line_items::json, '[{
            "id": "BIGINT", "line_item_id": "BIGINT", "quantity": "INTEGER", "restock_type": "VARCHAR",
            "subtotal": "DECIMAL(18,2)", "total_tax": "DECIMAL(18,2)", "line_item": {"gift_card": "BOOLEAN"}
        }]') as line_records,
        from_json(order_adjustments::json, '[{
            "kind": "VARCHAR", "amount": "DECIMAL(18,2)", "tax_amount": "DECIMAL(18,2)"
        }]') as adjustment_records,
        from_json(transactions::json, '[{
            "kind": "VARCHAR", "status": "VARCHAR", "currency": "VARCHAR", "amount": "DECIMAL(18,2)"
        }]') as transaction_records
    from newest
),

typed as (
    select
        *,
        [{
            'refund_line_id': line.id,
            'line_item_id': line.line_item_id,
            'quantity': line.quantity,
            'restock_type': line.restock_type,
            'subtotal': line.subtotal,
            'total_tax': line.total_tax,
            'is_gift_card': coalesce(line.line_item.gift_card, false)
        } for line in line_records] as refund_lines
    from parsed
)

select
    cast(id as bigint) as refund_id,
    cast(order_id as bigint) as order_id,
    shop_url,
    cast(created_at as timestamptz) as created_at,
    cast(processed_at as timestamptz) as processed_at,
    restock,
    note,

    refund_lines,
    coalesce(len(refund_lines), 0) as line_count,
    cast(coalesce(list_sum([x.quantity for x in refund_lines]), 0) as bigint) as quantity,
    {{ total_of('refund_lines', 'x.subtotal') }} as line_subtotal,
    {{ total_of('refund_lines', 'x.total_tax') }} as line_tax,
    {{ total_of('refund_lines', 'x.subtotal', 'x.is_gift_card') }} as line_subtotal_gift_card,

    -- Shopify books what it gives back for shipping as a negative adjustment
    -{{ refund_adjustments('adjustment_records', 'amount', 'shipping_refund') }} as shipping_refund,
    -{{ refund_adjustments('adjustment_records', 'tax_amount', 'shipping_refund') }} as shipping_tax_refund,
    {{ refund_adjustments('adjustment_records', 'amount', 'refund_discrepancy') }} as discrepancy,
    {{ refund_adjustments('adjustment_records', 'tax_amount', 'refund_discrepancy') }} as discrepancy_tax,

    {{ refund_cash('transaction_records', 'success') }} as cash_refunded,
    {{ refund_cash('transaction_records', 'pending') }} as cash_pending,
    transaction_records[1].currency as currency,
    {{ refund_is_settled('transaction_records') }} as is_settled,

    _airbyte_extracted_at,
    _airbyte_raw_id,
    year,
    month,
    day
from typed
