{% macro wrapped(x) %}{{ return(adapter.dispatch('wrapped', 'tools')(x)) }}{% endmacro %}
{% macro default__wrapped(x) %}tools[{{ x }}]{% endmacro %}

{% macro other(x) %}{{ return(adapter.dispatch('other', 'tools')(x)) }}{% endmacro %}
{% macro default__other(x) %}default other({{ x }}){% endmacro %}
{% macro duckdb__other(x) %}duckdb other({{ x }}){% endmacro %}

{% macro helper(x) %}tools helper {{ x }}{% endmacro %}
{% macro calls_helper(x) %}{{ helper(x) }}{% endmacro %}
{% macro columns_of(relation) %}
  {%- for column in adapter.get_columns_in_relation(relation) -%}{{ column.name }}{{ ', ' if not loop.last }}{%- endfor -%}
{% endmacro %}

{% test at_most(model, column_name, limit) %}
select * from {{ model }} where {{ column_name }} > {{ limit }}
{% endtest %}
