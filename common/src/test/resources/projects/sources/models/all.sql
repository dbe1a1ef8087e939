select * from {{ source('shop', 'orders') }}
union all select * from {{ source('shop', 'customers') }}
union all select * from {{ source('shop', 'refunds') }}
union all select * from {{ source('shop', 'events') }}
union all select * from {{ source('warehouse_tables', 'accounts') }}
