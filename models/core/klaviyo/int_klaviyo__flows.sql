{{ config(
    tags=['core', 'klaviyo__flows'],
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='flow_id',
    sequence_by=['_airbyte_extracted_at', 'updated_at', '_airbyte_raw_id'],
) }}

with newest as (
    select *
    from {{ source('klaviyo', 'flows') }}
    where {{ landed_partitions() }}
    qualify {{ newest('id', 'updated') }}
),

parsed as (
    select *, attributes::json as attribute, relationships::json as relationship
    from newest
)

select
    id as flow_id,
    attribute->>'$.name' as name,
    attribute->>'$.status' as status,
    cast(attribute->>'$.archived' as boolean) as is_archived,
    attribute->>'$.trigger_type' as trigger_type,
    cast(attribute->>'$.created' as timestamptz) as created_at,
    cast(updated as timestamptz) as updated_at,
    -- Parquet has no dashes in names, JSON text keeps them
    cast(coalesce(
        json_array_length(relationship->'$.flow_actions.data'),
        json_array_length(relationship->'$."flow-actions".data'),
        0
    ) as bigint) as action_count,

    _airbyte_extracted_at,
    _airbyte_raw_id,
    year,
    month,
    day
from parsed
