{{ config(tags=['core', 'shop__things'], materialized='incremental', unique_key='thing_id', incremental_strategy='delete+insert') }}
{% if is_incremental() %}
  {% set partition_query %}
    select max(year) as max_year, max(month) as max_month, max(day) as max_day from {{ this }}
  {% endset %}
  {% set results = run_query(partition_query) %}
  {% set max_year = results.columns[0][0] %}
  {% set max_month = results.columns[1][0] %}
  {% set max_day = results.columns[2][0] %}
{% endif %}
select id as thing_id, attributes::JSON->>'$.email' as email, cast(amount as decimal(10,2)) as amount,
       created_at, updated_at, _airbyte_extracted_at, year, month, day
from read_parquet('s3://landing/raw/shop/things/**/*', hive_partitioning=true)
{% if is_incremental() %}
where year = '{{ max_year }}' and month = '{{ max_month }}' and day >= '{{ max_day }}'
{% endif %}
qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1
