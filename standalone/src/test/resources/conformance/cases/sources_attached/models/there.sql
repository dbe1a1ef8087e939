{{ config(materialized='incremental', unique_key='id', database='other', schema='made') }}
select id, '{{ source('raw', 'orders') }}' as read from {{ ref('m') }}
