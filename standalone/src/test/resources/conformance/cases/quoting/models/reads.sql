{{ config(materialized='table') }}
select "Order Id", "from", '{{ ref("Order_Lines") }}' as relation, {{ adapter.quote("from") }} as again from {{ ref('Order Lines') }}
