select
    id as flow_id, attributes.name, attributes.status, attributes.archived as is_archived, attributes.trigger_type,
    attributes.created as created_at, updated as updated_at, coalesce(len(relationships.flow_actions.data), 0) as action_count,
    _airbyte_extracted_at, _airbyte_raw_id, year, month, day
from newest_klaviyo_flows
