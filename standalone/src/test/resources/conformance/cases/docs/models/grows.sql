{{ config(materialized='incremental') }}
select * from {{ ref('orders') }}
