{{ config(materialized='keyed', unique_key=['id'], on_schema_change='sync_all_columns', incremental_strategy='merge', persist_docs={'relation': true, 'columns': true}) }}
select 1 as id, 'A' as name, true as come union all select 2, 'b', false
