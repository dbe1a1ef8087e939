{{ config(materialized='incremental', unique_key='id') }}
select id, count(*) as n from {{ ref('small') }}
{% if is_incremental() %} where id > (select max(id) from {{ this }}) {% endif %}
group by id
