{{ config(materialized='incremental', unique_key='id') }}
select 1 as id {% if var('batch', 1) == 2 %}, true as more{% endif %}
