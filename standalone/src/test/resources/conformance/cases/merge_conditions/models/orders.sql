{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', merge_update_condition='DBT_INTERNAL_SOURCE.amount > DBT_INTERNAL_DEST.amount', merge_insert_condition='DBT_INTERNAL_SOURCE.amount < 45') }}
{% if var('batch', 1) == 1 %}
select * from (values (1, 'a', 10), (2, 'b', 20), (3, 'c', 30)) t(id, name, amount)
{% else %}
select * from (values (1, 'A', 1), (2, 'B', 21), (4, 'd', 40), (5, 'e', 50)) t(id, name, amount)
{% endif %}
