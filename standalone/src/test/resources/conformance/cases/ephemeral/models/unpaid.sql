{{ config(materialized='ephemeral') }}
with b as (select * from {{ ref('base') }}) select * from b where id <= 1
