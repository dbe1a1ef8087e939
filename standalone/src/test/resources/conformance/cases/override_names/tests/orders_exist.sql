{{ config(store_failures=true) }}
select * from {{ ref('orders') }} where id > 1
