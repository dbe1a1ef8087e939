{{ config(materialized='ephemeral') }}
select * from {{ ref('above') }}
