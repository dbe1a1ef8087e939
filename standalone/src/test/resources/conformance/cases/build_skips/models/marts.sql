{{ config(materialized='table') }}
select sum(amount) as amount from {{ ref('orders') }} where id in (select id from {{ ref('warned') }})
