{% macro get_filtered_columns_in_relation(from, except=[]) -%}
  {{ return(adapter.dispatch('get_filtered_columns_in_relation', 'dbt_utils')(from, except)) }}
{% endmacro %}
{% macro default__get_filtered_columns_in_relation(from, except=[]) -%}
  {%- do dbt_utils._is_relation(from, 'get_filtered_columns_in_relation') -%}
  {%- do dbt_utils._is_ephemeral(from, 'get_filtered_columns_in_relation') -%}
  {%- if not execute -%}{{ return('') }}{% endif %}
  {%- set include_cols = [] %}
  {%- set cols = adapter.get_columns_in_relation(from) -%}
  {%- set except = except | map("lower") | list %}
  {%- for col in cols -%}
    {%- if col.column|lower not in except -%}{% do include_cols.append(col.column) %}{%- endif %}
  {%- endfor %}
  {{ return(include_cols) }}
{%- endmacro %}

{% macro star(from, relation_alias=False, except=[], prefix='', suffix='', quote_identifiers=True) -%}
  {{ return(adapter.dispatch('star', 'dbt_utils')(from, relation_alias, except, prefix, suffix, quote_identifiers)) }}
{% endmacro %}
{% macro default__star(from, relation_alias=False, except=[], prefix='', suffix='', quote_identifiers=True) -%}
  {%- do dbt_utils._is_relation(from, 'star') -%}
  {%- do dbt_utils._is_ephemeral(from, 'star') -%}
  {%- if not execute -%}{% do return('*') %}{%- endif -%}
  {% set cols = dbt_utils.get_filtered_columns_in_relation(from, except) %}
  {%- if cols|length <= 0 -%}
    {% if flags.WHICH == 'compile' %}
      {% set response %}
*
/* no columns in {{ from }} */
      {% endset %}
      {% do return(response) %}
    {% else %}{% do return("/* no columns returned from star() macro */") %}{% endif %}
  {%- else -%}
    {%- for col in cols %}
      {%- if relation_alias %}{{ relation_alias }}.{% else %}{%- endif -%}
      {%- if quote_identifiers -%}
        {{ adapter.quote(col)|trim }} {%- if prefix!='' or suffix!='' %} as {{ adapter.quote(prefix ~ col ~ suffix)|trim }} {%- endif -%}
      {%- else -%}
        {{ col|trim }} {%- if prefix!='' or suffix!='' %} as {{ (prefix ~ col ~ suffix)|trim }} {%- endif -%}
      {% endif %}
      {%- if not loop.last %},{{ '\n  ' }}{%- endif -%}
    {%- endfor -%}
  {% endif %}
{%- endmacro %}

{% macro get_column_values(table, column, order_by='count(*) desc', max_records=none, default=none, where=none) -%}
  {{ return(adapter.dispatch('get_column_values', 'dbt_utils')(table, column, order_by, max_records, default, where)) }}
{% endmacro %}
{% macro default__get_column_values(table, column, order_by='count(*) desc', max_records=none, default=none, where=none) -%}
  {% if not execute %}
    {% set default = [] if not default %}
    {{ return(default) }}
  {% endif %}
  {%- do dbt_utils._is_ephemeral(table, 'get_column_values') -%}
  {% set relation_exists = (load_relation(table) is not none) or (table.is_cte and not table.name.startswith('__dbt__cte__')) %}
  {%- call statement('get_column_values', fetch_result=true) %}
    {%- if not relation_exists and default is none -%}
      {{ exceptions.raise_compiler_error("In get_column_values(): relation " ~ table ~ " does not exist and no default value was provided.") }}
    {%- elif not relation_exists and default is not none -%}
      {{ log("Relation " ~ table ~ " does not exist. Returning the default value: " ~ default) }}
      {{ return(default) }}
    {%- else -%}
      select {{ column }} as value
      from {{ table }}
      {% if where is not none %}where {{ where }}{% endif %}
      group by {{ column }}
      order by {{ order_by }}
      {% if max_records is not none %}limit {{ max_records }}{% endif %}
    {% endif %}
  {%- endcall -%}
  {%- set value_list = load_result('get_column_values') -%}
  {%- if value_list and value_list['data'] -%}
    {%- set values = value_list['data'] | map(attribute=0) | list %}
    {{ return(values) }}
  {%- else -%}
    {{ return(default) }}
  {%- endif -%}
{%- endmacro %}

{% macro get_query_results_as_dict(query) %}{{ return(adapter.dispatch('get_query_results_as_dict', 'dbt_utils')(query)) }}{% endmacro %}
{% macro default__get_query_results_as_dict(query) %}
  {%- call statement('get_query_results', fetch_result=True, auto_begin=false) -%}{{ query }}{%- endcall -%}
  {% set sql_results = {} %}
  {%- if execute -%}
    {% set sql_results_table = load_result('get_query_results').table.columns %}
    {% for column_name, column in sql_results_table.items() %}{% do sql_results.update({column_name: column.values()}) %}{% endfor %}
  {%- endif -%}
  {{ return(sql_results) }}
{% endmacro %}

{% macro get_single_value(query, default=none) %}{{ return(adapter.dispatch('get_single_value', 'dbt_utils')(query, default)) }}{% endmacro %}
{% macro default__get_single_value(query, default) %}
  {%- call statement('get_query_result', fetch_result=True, auto_begin=false) -%}{{ query }}{%- endcall -%}
  {%- if execute -%}
    {% set r = load_result('get_query_result').table.columns[0].values() %}
    {% if r | length == 0 %}
      {% do print('Query `' ~ query ~ '` returned no rows. Using the default value: ' ~ default) %}
      {% set sql_result = default %}
    {% else %}{% set sql_result = r[0] %}{% endif %}
  {%- else -%}{% set sql_result = default %}{%- endif -%}
  {% do return(sql_result) %}
{% endmacro %}
