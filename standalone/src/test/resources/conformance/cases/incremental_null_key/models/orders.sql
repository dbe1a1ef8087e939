{{ config(materialized='incremental', unique_key='id') }}
{% if var('batch', 1) == 1 %}
select * from (values (null, 'a'), (1, 'b')) t(id, name)
{% else %}
select * from (values (null, 'A'), (1, 'B')) t(id, name)
{% endif %}
