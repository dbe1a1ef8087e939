{{ config(
    tags=['core', 'klaviyo__lists'],
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='list_id',
    sequence_by=['_airbyte_extracted_at', 'updated_at', '_airbyte_raw_id'],
) }}

with newest as (
    select *
    from {{ source('klaviyo', 'lists') }}
    where {{ landed_partitions() }}
    qualify {{ newest('id', 'updated') }}
),

parsed as (
    select *, attributes::json as attribute
    from newest
)

select
    id as list_id,
    attribute->>'$.name' as name,
    attribute->>'$.opt_in_process' as opt_in_process,
    cast(attribute->>'$.created' as timestamptz) as created_at,
    cast(updated as timestamptz) as updated_at,

    _airbyte_extracted_at,
    _airbyte_raw_id,
    year,
    month,
    day
from parsed
