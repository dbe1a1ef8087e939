{{ config(materialized='incremental', unique_key='id', on_schema_change='ignore') }}
{% if var('batch', 1) == 1 %}
select * from (values (1, 'a', 10), (2, 'b', 20), (3, 'c', 30)) t(id, name, amount)
{% else %}
select 2 as id, 'B' as name, 5 as amount, true as extra
{% endif %}
