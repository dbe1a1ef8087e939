{% test equal_rowcount(model, compare_model, group_by_columns=[]) %}
  {{ return(adapter.dispatch('test_equal_rowcount', 'dbt_utils')(model, compare_model, group_by_columns)) }}
{% endtest %}
{% macro default__test_equal_rowcount(model, compare_model, group_by_columns) %}
{{ config(fail_calc = 'sum(coalesce(diff_count, 0))') }}
{%- if not execute -%}{{ return('') }}{% endif %}
{% if group_by_columns|length() > 0 %}
  {% set select_gb_cols = group_by_columns|join(', ') + ', ' %}
  {% set join_gb_cols %}{% for c in group_by_columns %} and a.{{ c }} = b.{{ c }}{% endfor %}{% endset %}
  {% set groupby_gb_cols = 'group by ' + group_by_columns|join(',') %}
{% else %}
  {% set group_by_columns = ['id_dbtutils_test_equal_rowcount'] %}
  {% set groupby_gb_cols = 'group by ' + group_by_columns|join(',') %}
{% endif %}
with a as (
  select {{ select_gb_cols }} 1 as id_dbtutils_test_equal_rowcount, count(*) as count_a from {{ model }} {{ groupby_gb_cols }}
),
b as (
  select {{ select_gb_cols }} 1 as id_dbtutils_test_equal_rowcount, count(*) as count_b from {{ compare_model }} {{ groupby_gb_cols }}
),
final as (
  select
  {% for c in group_by_columns -%}a.{{ c }} as {{ c }}_a, b.{{ c }} as {{ c }}_b,{% endfor %}
    count_a, count_b, abs(count_a - count_b) as diff_count
  from a full join b on a.id_dbtutils_test_equal_rowcount = b.id_dbtutils_test_equal_rowcount {{ join_gb_cols }}
)
select * from final
{% endmacro %}

{% test equality(model, compare_model, compare_columns=None, exclude_columns=None, precision=None) %}
  {{ return(adapter.dispatch('test_equality', 'dbt_utils')(model, compare_model, compare_columns, exclude_columns, precision)) }}
{% endtest %}
{% macro default__test_equality(model, compare_model, compare_columns=None, exclude_columns=None, precision=None) %}
{% if compare_columns and exclude_columns %}{{ exceptions.raise_compiler_error("Both a compare and an ignore list were provided to the `equality` macro. Only one is allowed") }}{% endif %}
{%- if not execute -%}{{ return('') }}{%- endif -%}
{%- do dbt_utils._is_relation(model, 'test_equality') -%}
{%- set compare_columns = compare_columns or adapter.get_columns_in_relation(model) | map(attribute='quoted') | list -%}
{% set compare_cols_csv = compare_columns | join(', ') %}
with a as (select * from {{ model }}), b as (select * from {{ compare_model }}),
a_minus_b as (select {{ compare_cols_csv }} from a {{ dbt.except() }} select {{ compare_cols_csv }} from b),
b_minus_a as (select {{ compare_cols_csv }} from b {{ dbt.except() }} select {{ compare_cols_csv }} from a)
select 'a_minus_b' as which_diff, a_minus_b.* from a_minus_b
union all
select 'b_minus_a' as which_diff, b_minus_a.* from b_minus_a
{% endmacro %}

{% test expression_is_true(model, expression, column_name=None) %}
  {{ return(adapter.dispatch('test_expression_is_true', 'dbt_utils')(model, expression, column_name)) }}
{% endtest %}
{% macro default__test_expression_is_true(model, expression, column_name) %}
{% set column_list = '*' if should_store_failures() else "1" %}
select {{ column_list }} from {{ model }}
{% if column_name is none %}where not({{ expression }})
{%- else %}where not({{ column_name }} {{ expression }})
{%- endif %}
{% endmacro %}

{% test unique_combination_of_columns(model, combination_of_columns, quote_columns=false) %}
  {{ return(adapter.dispatch('test_unique_combination_of_columns', 'dbt_utils')(model, combination_of_columns, quote_columns)) }}
{% endtest %}
{% macro default__test_unique_combination_of_columns(model, combination_of_columns, quote_columns=false) %}
{% if not quote_columns %}
  {%- set column_list=combination_of_columns %}
{% elif quote_columns %}
  {%- set column_list=[] %}
  {% for column in combination_of_columns -%}{% set column_list = column_list.append( adapter.quote(column) ) %}{%- endfor %}
{% else %}
  {{ exceptions.raise_compiler_error("`quote_columns` argument for unique_combination_of_columns test must be one of [True, False] Got: '" ~ quote ~"'.'") }}
{% endif %}
{%- set columns_csv=column_list | join(', ') %}
with validation_errors as (select {{ columns_csv }} from {{ model }} group by {{ columns_csv }} having count(*) > 1)
select * from validation_errors
{% endmacro %}

{% test accepted_range(model, column_name, min_value=none, max_value=none, inclusive=true) %}
  {{ return(adapter.dispatch('test_accepted_range', 'dbt_utils')(model, column_name, min_value, max_value, inclusive)) }}
{% endtest %}
{% macro default__test_accepted_range(model, column_name, min_value=none, max_value=none, inclusive=true) %}
with meet_condition as (select * from {{ model }}),
validation_errors as (
  select * from meet_condition
  where
    -- never true, so that an empty set results in no error
    1 = 2
    {%- if min_value is not none %} or not {{ column_name }} > {{- "=" if inclusive }} {{ min_value }}{%- endif %}
    {%- if max_value is not none %} or not {{ column_name }} < {{- "=" if inclusive }} {{ max_value }}{%- endif %}
)
select * from validation_errors
{% endmacro %}

{% macro test_not_null_proportion(model, group_by_columns = []) %}
  {{ return(adapter.dispatch('test_not_null_proportion', 'dbt_utils')(model, group_by_columns, **kwargs)) }}
{% endmacro %}
{% macro default__test_not_null_proportion(model, group_by_columns) %}
{% set column_name = kwargs.get('column_name', kwargs.get('arg')) %}
{% set at_least = kwargs.get('at_least', kwargs.get('arg')) %}
{% set at_most = kwargs.get('at_most', kwargs.get('arg', 1)) %}
{% if group_by_columns|length() > 0 %}
  {% set select_gb_cols = group_by_columns|join(' ,') + ', ' %}
  {% set groupby_gb_cols = 'group by ' + group_by_columns|join(',') %}
{% endif %}
with validation as (
  select {{ select_gb_cols }} sum(case when {{ column_name }} is null then 0 else 1 end) / cast(count(*) as {{ dbt.type_numeric() }}) as not_null_proportion
  from {{ model }} {{ groupby_gb_cols }}
),
validation_errors as (
  select {{ select_gb_cols }} not_null_proportion from validation
  where not_null_proportion < {{ at_least }} or not_null_proportion > {{ at_most }}
)
select * from validation_errors
{% endmacro %}

{% test recency(model, field, datepart, interval, ignore_time_component=False, group_by_columns = []) %}
  {{ return(adapter.dispatch('test_recency', 'dbt_utils')(model, field, datepart, interval, ignore_time_component, group_by_columns)) }}
{% endtest %}
{% macro default__test_recency(model, field, datepart, interval, ignore_time_component, group_by_columns) %}
{% set threshold = 'cast(' ~ dbt.dateadd(datepart, interval * -1, dbt.current_timestamp()) ~ ' as ' ~ ('date' if ignore_time_component else dbt.type_timestamp()) ~ ')' %}
{% if group_by_columns|length() > 0 %}
  {% set select_gb_cols = group_by_columns|join(' ,') + ', ' %}
  {% set groupby_gb_cols = 'group by ' + group_by_columns|join(',') %}
{% endif %}
with recency as (
  select {{ select_gb_cols }} {% if ignore_time_component %}cast(max({{ field }}) as date){%- else %}max({{ field }}){%- endif %} as most_recent
  from {{ model }} {{ groupby_gb_cols }}
)
select {{ select_gb_cols }} most_recent, {{ threshold }} as threshold from recency where most_recent < {{ threshold }}
{% endmacro %}

{% test relationships_where(model, column_name, to, field, from_condition="1=1", to_condition="1=1") %}
  {{ return(adapter.dispatch('test_relationships_where', 'dbt_utils')(model, column_name, to, field, from_condition, to_condition)) }}
{% endtest %}
{% macro default__test_relationships_where(model, column_name, to, field, from_condition="1=1", to_condition="1=1") %}
{# T-SQL has no boolean, so 1=1 #}
with left_table as (select {{ column_name }} as id from {{ model }} where {{ column_name }} is not null and {{ from_condition }}),
right_table as (select {{ field }} as id from {{ to }} where {{ field }} is not null and {{ to_condition }}),
exceptions as (
  select left_table.id, right_table.id as right_id
  from left_table left join right_table on left_table.id = right_table.id
  where right_table.id is null
)
select * from exceptions
{% endmacro %}

{% test at_least_one(model, column_name, group_by_columns = []) %}
  {{ return(adapter.dispatch('test_at_least_one', 'dbt_utils')(model, column_name, group_by_columns)) }}
{% endtest %}
{% macro default__test_at_least_one(model, column_name, group_by_columns) %}
select * from (select count({{ column_name }}) as filler_column from {{ model }} having count({{ column_name }}) = 0) validation_errors
{% endmacro %}

{% test not_constant(model, column_name, group_by_columns = []) %}
select count(distinct {{ column_name }}) as filler_column from {{ model }} having count(distinct {{ column_name }}) = 1
{% endtest %}

{% test cardinality_equality(model, column_name, to, field) %}
with table_a as (select {{ column_name }}, count(*) as num_rows from {{ model }} group by {{ column_name }}),
table_b as (select {{ field }}, count(*) as num_rows from {{ to }} group by {{ field }}),
except_a as (select * from table_a {{ dbt.except() }} select * from table_b),
except_b as (select * from table_b {{ dbt.except() }} select * from table_a)
select * from except_a union all select * from except_b
{% endtest %}

{% test sequential_values(model, column_name, interval=1, datepart=None, group_by_columns = []) %}
with windowed as (select {{ column_name }}, lag({{ column_name }}) over (order by {{ column_name }}) as previous_{{ column_name }} from {{ model }})
select * from windowed
{% if datepart %}where not(cast({{ column_name }} as {{ dbt.type_timestamp() }}) = cast({{ dbt.dateadd(datepart, interval, 'previous_' + column_name) }} as {{ dbt.type_timestamp() }}))
{% else %}where not({{ column_name }} = previous_{{ column_name }} + {{ interval }}){% endif %}
{% endtest %}

{% test not_empty_string(model, column_name, trim_whitespace=true) %}
with all_values as (select {% if trim_whitespace == true -%}trim({{ column_name }}) as {{ column_name }}{%- else -%}{{ column_name }}{%- endif %} from {{ model }})
select * from all_values where {{ column_name }} = ''
{% endtest %}
