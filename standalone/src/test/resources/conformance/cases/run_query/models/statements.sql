{{ config(materialized='table') }}
{%- call statement('two', fetch_result=True) -%}
  select sum(i)::int as total, count(*) as n from {{ ref('data') }}
{%- endcall -%}
{%- set result = load_result('two') -%}
select {{ result['data'][0][0] if execute else 0 }} as total, {{ result.table.columns[1].values()[0] if execute else 0 }} as n,
  '{{ dbt_utils_like() }}' as from_macro
