{{ config(materialized='table') }}
select * from {{ ref('report') }}
