{{ config(materialized='table') }}
select customer, sum(amount) as amount, count(*) as orders from {{ ref('orders') }} group by all
