{% macro plain() %}{{ return(adapter.dispatch('plain', 'tools')()) }}{% endmacro %}
{% macro default__plain() %}'tools default'{% endmacro %}
{% macro special() %}{{ return(adapter.dispatch('special', 'tools')()) }}{% endmacro %}
{% macro default__special() %}'tools default'{% endmacro %}
{% macro duckdb__special() %}'tools duckdb'{% endmacro %}
{% macro patched() %}{{ return(adapter.dispatch('patched', 'tools')()) }}{% endmacro %}
{% macro duckdb__patched() %}'tools duckdb'{% endmacro %}
{% macro mine() %}{{ return(adapter.dispatch('mine', 'tools')()) }}{% endmacro %}
{% macro duckdb__mine() %}'tools duckdb'{% endmacro %}
{% macro inner() %}'tools inner'{% endmacro %}
{% macro calls_inner() %}{{ inner() }}{% endmacro %}
{% macro columns_of(relation) %}
  {%- set names = [] -%}
  {%- for column in adapter.get_columns_in_relation(relation) -%}{%- do names.append(column.name) -%}{%- endfor -%}
  {{ return(names) }}
{% endmacro %}
{% macro surrogate_key(fields) %}{{ return(adapter.dispatch('surrogate_key', 'tools')(fields)) }}{% endmacro %}
{% macro default__surrogate_key(fields) %}
  {%- set parts = [] -%}
  {%- for field in fields -%}
    {%- do parts.append("coalesce(cast(" ~ field ~ " as " ~ dbt.type_string() ~ "), '_null_')") -%}
    {%- if not loop.last %}{%- do parts.append("'-'") -%}{%- endif -%}
  {%- endfor -%}
  {{ dbt.hash(dbt.concat(parts)) }}
{% endmacro %}
