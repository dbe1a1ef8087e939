select
    id as list_id, attributes.name, attributes.opt_in_process, attributes.created as created_at, updated as updated_at,
    _airbyte_extracted_at, _airbyte_raw_id, year, month, day
from newest_klaviyo_lists
