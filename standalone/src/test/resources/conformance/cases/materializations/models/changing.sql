{{ config(materialized='keyed', unique_key=['id'], on_schema_change='sync_all_columns', incremental_strategy='merge', persist_docs={'relation': true, 'columns': true}) }}
select 1 as id, 'a' as name, 1 as gone
