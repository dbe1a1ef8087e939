{{ config(materialized='incremental', unique_key='id', incremental_strategy='replace_all') }}
{% if var('batch', 1) == 1 %}
select * from (values (1, 'a'), (2, 'b'), (3, 'c')) t(id, name)
{% else %}
select * from (values (2, 'B'), (4, 'd')) t(id, name)
{% endif %}
