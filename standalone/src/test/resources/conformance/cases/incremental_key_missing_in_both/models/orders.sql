{{ config(materialized='incremental', unique_key='nothing') }}
{% if var('batch', 1) == 1 %}
select 1 as id
{% else %}
select 2 as id
{% endif %}
