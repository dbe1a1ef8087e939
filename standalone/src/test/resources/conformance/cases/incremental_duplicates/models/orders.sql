{{ config(materialized='incremental', unique_key='id') }}
{% if var('batch', 1) == 1 %}
select * from (values (1, 'a', 10), (1, 'a2', 11), (2, 'b', 20)) t(id, name, amount)
{% else %}
select * from (values (1, 'x', 1), (1, 'y', 2), (3, 'z', 3), (3, 'z', 3)) t(id, name, amount)
{% endif %}
