{{ config(
    tags=['core', 'klaviyo__campaigns'],
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='campaign_id',
    sequence_by=['_airbyte_extracted_at', 'updated_at', '_airbyte_raw_id'],
) }}

with newest as (
    select *
    from {{ source('klaviyo', 'campaigns') }}
    where {{ landed_partitions() }}
    qualify {{ newest('id', 'updated_at') }}
),

parsed as (
    select *, attributes::json as attribute, relationships::json as relationship
    from newest
)

select
    id as campaign_id,
    attribute->>'$.name' as name,
    attribute->>'$.status' as status,
    attribute->>'$.channel' as channel,
    cast(attribute->>'$.archived' as boolean) as is_archived,
    cast(attribute->>'$.created_at' as timestamptz) as created_at,
    cast(updated_at as timestamptz) as updated_at,
    cast(attribute->>'$.scheduled_at' as timestamptz) as scheduled_at,
    cast(attribute->>'$.send_time' as timestamptz) as send_time,
    from_json(attribute->'$.audiences.included', '["VARCHAR"]') as included_audience_ids,
    from_json(attribute->'$.audiences.excluded', '["VARCHAR"]') as excluded_audience_ids,
    attribute->>'$.send_strategy.method' as send_strategy_method,
    cast(attribute->>'$.tracking_options.is_tracking_opens' as boolean) as is_tracking_opens,
    cast(attribute->>'$.tracking_options.is_tracking_clicks' as boolean) as is_tracking_clicks,
    -- Parquet has no dashes in names, JSON text keeps them
    coalesce(
        relationship->>'$.campaign_messages.data[0].id', relationship->>'$."campaign-messages".data[0].id'
    ) as message_id,

    _airbyte_extracted_at,
    _airbyte_raw_id,
    year,
    month,
    day
from parsed
