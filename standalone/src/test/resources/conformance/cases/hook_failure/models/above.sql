{{ config(materialized='table') }}
select id + 100 as id from {{ ref('orders') }}
