{{ config(
    tags=['core', 'shopify__customers'],
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='customer_id',
    sequence_by=['_airbyte_extracted_at', 'updated_at', '_airbyte_raw_id'],
) }}

with newest as (
    select *
    from {{ source('shopify', 'customers') }}
    where {{ landed_partitions() }}
    qualify {{ newest('id', 'updated_at') }}
),

parsed as (
    select *, default_address::json as address_json
    from newest
)

select
    cast(id as bigint) as customer_id,
    shop_url,
    lower(nullif(trim(email), '')) as email,
    first_name,
    last_name,
    phone,
    state,
    verified_email as is_email_verified,
    -- accepts_marketing is what Shopify had before, and no longer keeps
    email_marketing_consent::json->>'$.state' as email_marketing_state,
    sms_marketing_consent::json->>'$.state' as sms_marketing_state,
    cast(orders_count as bigint) as orders_count,
    cast(total_spent as decimal(18, 2)) as total_spent,
    currency,
    address_json->>'$.city' as default_city,
    address_json->>'$.province_code' as default_province_code,
    address_json->>'$.country_code' as default_country_code,
    address_json->>'$.zip' as default_zip,
    tags,
    cast(created_at as timestamptz) as created_at,
    cast(updated_at as timestamptz) as updated_at,
    cast(last_order_id as bigint) as last_order_id,

    _airbyte_extracted_at,
    _airbyte_raw_id,
    year,
    month,
    day
from parsed
