{{ config(
    tags=['core', 'klaviyo__metrics'],
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='metric_id',
    sequence_by=['_airbyte_extracted_at', 'updated_at', '_airbyte_raw_id'],
) }}

with newest as (
    select *
    from {{ source('klaviyo', 'metrics') }}
    where {{ landed_partitions() }}
    qualify {{ newest('id', 'updated') }}
),

parsed as (
    select
        *,
        attributes::json as attribute,
        -- the integration has no schema: JSON text inside the record, so read once more as JSON
        cast(attributes::json->>'$.integration' as json) as integration
    from newest
)

select
    id as metric_id,
    attribute->>'$.name' as name,
    integration->>'$.id' as integration_id,
    integration->>'$.name' as integration_name,
    integration->>'$.category' as integration_category,
    cast(attribute->>'$.created' as timestamptz) as created_at,
    cast(updated as timestamptz) as updated_at,

    _airbyte_extracted_at,
    _airbyte_raw_id,
    year,
    month,
    day
from parsed
