{{ config(materialized='table') }}
select *, '{{ ref("countries") }}' as seed from {{ ref('between') }}, {{ ref('countries') }}
