select
    id as order_id, shop_url, deleted_at, deleted_message, deleted_description, _airbyte_extracted_at, _airbyte_raw_id, year,
    month, day
from newest_shopify_order_deletions
