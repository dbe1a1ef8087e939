select * from {{ ref('stg_customers') }}, {{ ref('orders') }}
