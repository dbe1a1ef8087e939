{{ config(materialized='incremental', unique_key=['id', 'part']) }}
{% if var('batch', 1) == 1 %}
select 1 as id, 1 as part, 'a' as name
{% else %}
select '1'::varchar as id, 1 as part, 'b' as name
{% endif %}
