{{ config(materialized='table_function') }}
select 7 as v
