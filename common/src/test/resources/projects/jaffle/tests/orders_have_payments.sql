{{ config(severity='error', tags=['slow']) }}
select * from {{ ref('orders') }} where amount is null
