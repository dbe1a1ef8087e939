{{ config(materialized='incremental', unique_key='id', on_schema_change='sync_all_columns') }}
{% if var('batch', 1) == 1 %}
select 1 as id, 7::bigint as amount
{% else %}
select 2 as id, 5::integer as amount
{% endif %}
