{{ config(materialized='table') }}
select 'x' as id
