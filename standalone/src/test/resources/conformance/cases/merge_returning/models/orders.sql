{{ config(materialized='incremental', unique_key='id', incremental_strategy='merge', merge_returning_columns=['id']) }}
select * from (values (1, {{ 2 if is_incremental() else 1 }}), ({{ 3 if is_incremental() else 2 }}, 1)) t(id, n)
