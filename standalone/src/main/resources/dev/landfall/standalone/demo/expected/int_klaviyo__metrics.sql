select
    id as metric_id, attributes.name, json_extract_string(attributes.integration, 'id') as integration_id,
    json_extract_string(attributes.integration, 'name') as integration_name,
    json_extract_string(attributes.integration, 'category') as integration_category, attributes.created as created_at,
    updated as updated_at, _airbyte_extracted_at, _airbyte_raw_id, year, month, day
from newest_klaviyo_metrics
