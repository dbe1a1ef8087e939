{{ config(tags=['nightly']) }}
select * from {{ ref('orders') }} where amount > 100
