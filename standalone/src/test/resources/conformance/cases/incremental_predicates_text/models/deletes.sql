{{ config(materialized='incremental', unique_key='id', incremental_strategy='delete+insert', incremental_predicates="id > 1") }}
select * from (values (1, {{ 2 if is_incremental() else 1 }}), (2, {{ 2 if is_incremental() else 1 }})) t(id, n)
