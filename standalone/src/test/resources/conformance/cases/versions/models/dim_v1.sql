{{ config(materialized='table') }}
select 1 as id, 'one' as version
