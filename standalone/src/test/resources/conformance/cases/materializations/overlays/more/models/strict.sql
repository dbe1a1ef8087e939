{{ config(materialized='keyed', on_schema_change='fail') }}
select 2 as id, 2 as more
