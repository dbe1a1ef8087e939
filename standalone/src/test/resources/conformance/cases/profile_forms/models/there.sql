{{ config(materialized='table', database='beside', schema='elsewhere') }}
select *, '{{ this }}' as this from {{ ref('here') }}
