{{ config(materialized='incremental', unique_key='id, part') }}
{% if var('batch', 1) == 1 %}
select * from (values (null, 1, 'a'), (1, null, 'b'), (1, 1, 'c')) t(id, part, name)
{% else %}
select * from (values (null, 1, 'A'), (1, null, 'B'), (1, 1, 'C')) t(id, part, name)
{% endif %}
