{{ config(materialized='table') }}
{% set results = run_query('select i, s from ' ~ ref('data') ~ ' order by i') %}
{% set values = results.columns[0].values() if execute else [] %}
select '{{ results.column_names | join(",") if execute }}' as names, '{{ values | join(",") }}' as vals, '{{ results.rows | length if execute }}' as n,
  '{{ results.columns["s"].values() | join("|") if execute }}' as list_, '{{ results.columns | map(attribute="name") | join("/") if execute }}' as by_map
