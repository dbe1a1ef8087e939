{{ config(
    tags=['core', 'klaviyo__events'],
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='event_id',
    sequence_by=['_airbyte_extracted_at', 'occurred_at', '_airbyte_raw_id'],
) }}

with newest as (
    select *
    from {{ source('klaviyo', 'events') }}
    where {{ landed_partitions() }}
    qualify {{ newest('id', 'datetime') }}
),

parsed as (
    select
        *,
        attributes::json as attribute,
        relationships::json as relationship,
        -- event properties have no schema: JSON text inside the record, so read once more as JSON
        cast(attributes::json->>'$.event_properties' as json) as properties
    from newest
)

select
    id as event_id,
    attribute->>'$.uuid' as event_uuid,
    relationship->>'$.metric.data.id' as metric_id,
    relationship->>'$.profile.data.id' as profile_id,
    cast(attribute->>'$.datetime' as timestamptz) as occurred_at,
    try_cast(properties->>'$."$value"' as decimal(18, 2)) as event_value,
    properties->>'$."$attributed_message"' as attributed_message_id,
    properties->>'$."$attributed_flow"' as attributed_flow_id,
    properties->>'$."Campaign Name"' as campaign_name,
    properties->>'$.Subject' as subject,
    properties->>'$.OrderId' as order_reference,
    properties as event_properties_json,

    _airbyte_extracted_at,
    _airbyte_raw_id,
    year,
    month,
    day
from parsed
