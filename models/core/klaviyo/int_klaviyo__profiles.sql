{{ config(
    tags=['core', 'klaviyo__profiles'],
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='profile_id',
    sequence_by=['_airbyte_extracted_at', 'updated_at', '_airbyte_raw_id'],
) }}

with newest as (
    select *
    from {{ source('klaviyo', 'profiles') }}
    where {{ landed_partitions() }}
    qualify {{ newest('id', 'updated') }}
),

parsed as (
    select
        *,
        attributes::json as attribute,
        attributes::json->'$.location' as location,
        attributes::json->'$.predictive_analytics' as analytics,
        attributes::json->'$.subscriptions.email.marketing' as email_marketing,
        attributes::json->'$.subscriptions.sms.marketing' as sms_marketing
    from newest
)

select
    id as profile_id,
    lower(nullif(trim(attribute->>'$.email'), '')) as email,
    attribute->>'$.phone_number' as phone_number,
    attribute->>'$.external_id' as external_id,
    attribute->>'$.anonymous_id' as anonymous_id,
    attribute->>'$.first_name' as first_name,
    attribute->>'$.last_name' as last_name,
    attribute->>'$.organization' as organization,
    attribute->>'$.title' as title,
    attribute->>'$.locale' as locale,
    location->>'$.city' as city,
    location->>'$.region' as region,
    location->>'$.country' as country,
    location->>'$.zip' as zip,
    location->>'$.timezone' as timezone,
    {{ number_or_string("(location->'$.latitude')") }} as latitude,
    {{ number_or_string("(location->'$.longitude')") }} as longitude,
    cast(attribute->>'$.created' as timestamptz) as created_at,
    cast(updated as timestamptz) as updated_at,
    cast(attribute->>'$.last_event_date' as timestamptz) as last_event_at,

    email_marketing->>'$.consent' as email_consent,
    cast(email_marketing->>'$.can_receive_email_marketing' as boolean) as can_receive_email,
    cast(email_marketing->>'$.consent_timestamp' as timestamptz) as email_consent_at,
    coalesce(json_array_length(email_marketing->'$.suppressions'), 0) > 0 as is_email_suppressed,
    sms_marketing->>'$.consent' as sms_consent,
    cast(sms_marketing->>'$.can_receive_sms_marketing' as boolean) as can_receive_sms,

    cast(analytics->>'$.historic_clv' as decimal(18, 2)) as historic_clv,
    cast(analytics->>'$.predicted_clv' as decimal(18, 2)) as predicted_clv,
    cast(analytics->>'$.total_clv' as decimal(18, 2)) as total_clv,
    cast(analytics->>'$.historic_number_of_orders' as bigint) as historic_orders,
    cast(analytics->>'$.predicted_number_of_orders' as double) as predicted_orders,
    cast(analytics->>'$.churn_probability' as double) as churn_probability,
    cast(cast(analytics->>'$.expected_date_of_next_order' as timestamptz) as date) as expected_next_order_date,
    -- custom properties have no schema: JSON text inside the record, so read once more as JSON
    cast(attribute->>'$.properties' as json) as properties_json,

    _airbyte_extracted_at,
    _airbyte_raw_id,
    year,
    month,
    day
from parsed
