{{ config(materialized='ephemeral') }}
select id from {{ ref('m') }} where id < 2
