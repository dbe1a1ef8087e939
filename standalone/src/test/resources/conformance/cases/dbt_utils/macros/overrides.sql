{% macro default__safe_divide(numerator, denominator) %}round(({{ numerator }}) / nullif({{ denominator }}, 0), 3){% endmacro %}

{% macro report_columns(table) %}
  {% set relation = ref(table) %}
  {% do dbt_utils.log_info(dbt_utils.get_filtered_columns_in_relation(from=relation, except=['id']) | join(', ')) %}
  {% for row in run_query('select * from ' ~ relation ~ ' order by id limit 1') %}{% do log(row.values() | join(';'), info=true) %}{% endfor %}
{% endmacro %}

{# DuckDB 2.0 has information_schema in the database system alone. #}
{% macro duckdb__get_tables_by_pattern_sql(schema_pattern, table_pattern, exclude='', database=target.database) %}
  select table_schema, table_name, {{ dbt_utils.get_table_types_sql() }}
  from system.information_schema.tables
  where table_catalog = '{{ database }}' and table_schema ilike '{{ schema_pattern }}'
    and table_name ilike '{{ table_pattern }}' and table_name not ilike '{{ exclude }}'
  order by 1, 2
{% endmacro %}
