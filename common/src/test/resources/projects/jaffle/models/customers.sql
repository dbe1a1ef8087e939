{{ config(post_hook="analyze {{ this }}", pre_hook=[{"sql": "select 1", "transaction": false}]) }}
with customers as (

    select * from {{ ref('stg_customers') }}

),

orders as (

    select * from {{ ref('stg_orders') }}

)

select customers.customer_id, min(order_date) as first_order, count(order_id) as number_of_orders
from customers
left join orders using (customer_id)
group by 1
