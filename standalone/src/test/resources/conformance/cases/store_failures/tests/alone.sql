{{ config(store_failures=true) }}
select * from {{ ref('m') }} where id = 1
