{{ config(materialized='ephemeral') }}
select *, '{{ ref("own") }}' as own from {{ ref('own') }}
