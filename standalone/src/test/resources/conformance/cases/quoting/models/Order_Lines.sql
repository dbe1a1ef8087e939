{{ config(materialized='incremental', unique_key='"Order Id"', alias='select', schema='Group By') }}
select 1 as "Order Id", 'x' as "from", 2 as "a ""quoted"" name"
