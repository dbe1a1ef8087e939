{{ config(materialized='incremental', incremental_strategy='bad_strategy') }}
{% if var('batch', 1) == 1 %}
select * from (values (1, 'a', 10), (2, 'b', 20), (3, 'c', 30)) t(id, name, amount)
{% else %}
select * from (values (2, 'B', 21), (4, 'd', 40)) t(id, name, amount)
{% endif %}
