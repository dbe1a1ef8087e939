{{ config(materialized='table') }}
select 1 as a, 'x' as b, 1.5::decimal(10, 2) as c
