{{ config(materialized='table') }}
select *, '{{ ref("Bare") }}' as ref, '{{ source("raw", "Quoted") }}' as quoted from {{ ref('Bare') }}
