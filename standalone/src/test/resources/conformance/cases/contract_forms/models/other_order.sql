{{ config(materialized='table') }}
select 'x' as b, 1 as a
