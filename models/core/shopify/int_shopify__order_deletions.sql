{{ config(
    tags=['core', 'shopify__orders'],
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='order_id',
    sequence_by=['_airbyte_extracted_at', 'deleted_at', '_airbyte_raw_id'],
) }}

with newest as (
    select *
    from {{ source('shopify', 'orders') }}
    -- the other kind of record of this stream: see int_shopify__orders
    where {{ landed_partitions() }} and deleted_at is not null
    qualify {{ newest('id', 'deleted_at') }}
)

select
    cast(id as bigint) as order_id,
    shop_url,
    cast(deleted_at as timestamptz) as deleted_at,
    deleted_message,
    deleted_description,

    _airbyte_extracted_at,
    _airbyte_raw_id,
    year,
    month,
    day
from newest
