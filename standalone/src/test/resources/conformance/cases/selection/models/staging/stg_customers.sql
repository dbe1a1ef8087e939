{{ config(materialized='table') }}
select * from {{ source('raw', 'customers') }} join {{ ref('countries') }} using (code)
