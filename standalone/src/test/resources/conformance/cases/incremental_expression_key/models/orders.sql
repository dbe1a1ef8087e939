{{ config(materialized='incremental', unique_key="lower(name) || '-' || part") }}
{% if var('batch', 1) == 1 %}
select * from (values ('A', 1, 10), ('b', 1, 20)) t(name, part, amount)
{% else %}
select * from (values ('a', 1, 11), ('B', 2, 21)) t(name, part, amount)
{% endif %}
