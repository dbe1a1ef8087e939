select
    id as event_id, attributes.uuid as event_uuid, relationships.metric.data.id as metric_id,
    relationships.profile.data.id as profile_id, attributes.datetime as occurred_at,
    try_cast(json_extract_string(attributes.event_properties, '/$value') as decimal(18, 2)) as event_value,
    json_extract_string(attributes.event_properties, '/$attributed_message') as attributed_message_id,
    json_extract_string(attributes.event_properties, '/$attributed_flow') as attributed_flow_id,
    json_extract_string(attributes.event_properties, '/Campaign Name') as campaign_name,
    json_extract_string(attributes.event_properties, '/Subject') as subject,
    json_extract_string(attributes.event_properties, '/OrderId') as order_reference,
    attributes.event_properties::json as event_properties_json, _airbyte_extracted_at, _airbyte_raw_id, year, month, day
from newest_klaviyo_events
