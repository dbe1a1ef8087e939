{{ config(materialized='table') }}
-- depends_on: {{ ref('data') }}
{% set results = run_query('select * from ' ~ ref('data') ~ ' order by i') %}
{% if execute %}
{% for row in results %}
select {{ loop.index }} as row_index, '{{ row[0] }}' as i, '{{ row["d"] }}' as d, '{{ row.f }}' as f, '{{ row.day }}' as day, '{{ row.ts }}' as ts, '{{ row.b }}' as b, '{{ row.s }}' as s, '{{ row.n }}' as n, '{{ row.l }}' as l
{{ 'union all' if not loop.last }}
{% endfor %}
{% else %}
select 1
{% endif %}
