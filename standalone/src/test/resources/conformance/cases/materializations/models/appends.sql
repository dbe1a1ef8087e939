{{ config(materialized='keyed', on_schema_change='append_new_columns', incremental_strategy='append') }}
select 1 as id, 'a' as name
