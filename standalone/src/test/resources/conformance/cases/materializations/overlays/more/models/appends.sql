{{ config(materialized='keyed', on_schema_change='append_new_columns', incremental_strategy='append') }}
select 2 as id, 'b' as name, 3 as more
