{{ dbt_utils.deduplicate(relation=ref('raw_orders'), partition_by='customer', order_by='ordered_at desc, id') }}
