{{ config(severity='warn', store_failures=true, schema='failures') }}
select * from {{ ref('orders') }} where amount < 0
