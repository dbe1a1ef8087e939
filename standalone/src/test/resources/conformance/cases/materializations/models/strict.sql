{{ config(materialized='keyed', on_schema_change='fail') }}
select 1 as id
