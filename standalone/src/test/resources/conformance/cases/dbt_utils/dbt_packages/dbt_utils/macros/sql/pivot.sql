{% macro pivot(column, values, alias=True, agg='sum', cmp='=', prefix='', suffix='', then_value=1, else_value=0, quote_identifiers=True, distinct=False) %}
  {{ return(adapter.dispatch('pivot', 'dbt_utils')(column, values, alias, agg, cmp, prefix, suffix, then_value, else_value, quote_identifiers, distinct)) }}
{% endmacro %}
{% macro default__pivot(column, values, alias=True, agg='sum', cmp='=', prefix='', suffix='', then_value=1, else_value=0, quote_identifiers=True, distinct=False) %}
  {% for value in values %}
    {{ agg }}(
      {% if distinct %}distinct{% endif %}
      case when {{ column }} {{ cmp }} '{{ dbt.escape_single_quotes(value) }}' then {{ then_value }} else {{ else_value }} end
    )
    {% if alias %}
      {% if quote_identifiers %} as {{ adapter.quote(prefix ~ value ~ suffix) }}
      {% else %} as {{ dbt_utils.slugify(prefix ~ value ~ suffix) }}{% endif %}
    {% endif %}
    {% if not loop.last %},{% endif %}
  {% endfor %}
{% endmacro %}

{% macro unpivot(relation=none, cast_to='varchar', exclude=none, remove=none, field_name='field_name', value_name='value', quote_identifiers=False) -%}
  {{ return(adapter.dispatch('unpivot', 'dbt_utils')(relation, cast_to, exclude, remove, field_name, value_name, quote_identifiers)) }}
{% endmacro %}
{% macro default__unpivot(relation=none, cast_to='varchar', exclude=none, remove=none, field_name='field_name', value_name='value', quote_identifiers=False) -%}
  {% if not relation %}{{ exceptions.raise_compiler_error("Error: argument `relation` is required for `unpivot` macro.") }}{% endif %}
  {%- set exclude = exclude if exclude is not none else [] %}
  {%- set remove = remove if remove is not none else [] %}
  {%- set include_cols = [] %}
  {%- set table_columns = {} %}
  {%- do table_columns.update({relation: []}) %}
  {%- do dbt_utils._is_relation(relation, 'unpivot') -%}
  {%- do dbt_utils._is_ephemeral(relation, 'unpivot') -%}
  {%- set cols = adapter.get_columns_in_relation(relation) %}
  {%- for col in cols -%}
    {%- if col.column.lower() not in remove|map('lower') and col.column.lower() not in exclude|map('lower') -%}
      {% do include_cols.append(col) %}
    {%- endif %}
  {%- endfor %}
  {%- for col in include_cols -%}
    {%- set current_col_name = adapter.quote(col.column) if quote_identifiers else col.column %}
    select
      {%- for exclude_col in exclude %}
        {{ adapter.quote(exclude_col) if quote_identifiers else exclude_col }},
      {%- endfor %}
      cast('{{ col.column }}' as {{ dbt.type_string() }}) as {{ field_name }},
      cast({% if col.data_type == 'boolean' %}{{ dbt.cast_bool_to_text(current_col_name) }}{% else %}{{ current_col_name }}{% endif %} as {{ cast_to }}) as {{ value_name }}
    from {{ relation }}
    {% if not loop.last -%}union all{% endif -%}
  {%- endfor -%}
{%- endmacro %}
