select
    id as campaign_id, attributes.name, attributes.status, attributes.channel, attributes.archived as is_archived,
    attributes.created_at, updated_at, attributes.scheduled_at, attributes.send_time,
    attributes.audiences.included as included_audience_ids, attributes.audiences.excluded as excluded_audience_ids,
    attributes.send_strategy.method as send_strategy_method, attributes.tracking_options.is_tracking_opens,
    attributes.tracking_options.is_tracking_clicks, relationships.campaign_messages.data[1].id as message_id,
    _airbyte_extracted_at, _airbyte_raw_id, year, month, day
from newest_klaviyo_campaigns
