{{ config(materialized='table') }}
select customer from {{ ref('all_orders') }}
