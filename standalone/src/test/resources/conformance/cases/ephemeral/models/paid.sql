{{ config(materialized='ephemeral', alias='paid_orders') }}
select * from {{ ref('base') }} where id > 1
