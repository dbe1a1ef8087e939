{{ config(materialized='table') }}
{% call set_sql_header(config) %}
create or replace temp macro thrice(x) as x * 3;
{% endcall %}
select thrice(4) as v
