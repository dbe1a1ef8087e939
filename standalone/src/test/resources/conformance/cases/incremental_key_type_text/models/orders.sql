{{ config(materialized='incremental', unique_key='id') }}
{% if var('batch', 1) == 1 %}
select 1 as id, 'a' as name
{% else %}
select '1'::varchar as id, 'b' as name
{% endif %}
