{{ config(materialized='table') }}
select i as id, 'n' || i as name from range(5) t(i) order by 1
