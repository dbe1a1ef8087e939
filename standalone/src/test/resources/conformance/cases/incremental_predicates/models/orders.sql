{{ config(materialized='incremental', unique_key='id', incremental_predicates=['amount > 15']) }}
{% if var('batch', 1) == 1 %}
select * from (values (1, 'a', 10), (2, 'b', 20), (3, 'c', 30)) t(id, name, amount)
{% else %}
select * from (values (1, 'A', 1), (2, 'B', 2)) t(id, name, amount)
{% endif %}
