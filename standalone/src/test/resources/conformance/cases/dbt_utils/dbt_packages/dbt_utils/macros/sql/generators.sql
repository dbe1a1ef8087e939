{%- macro generate_surrogate_key(field_list) -%}{{ return(adapter.dispatch('generate_surrogate_key', 'dbt_utils')(field_list)) }}{% endmacro %}
{%- macro default__generate_surrogate_key(field_list) -%}
  {%- if var('surrogate_key_treat_nulls_as_empty_strings', False) -%}
    {%- set default_null_value = "" -%}
  {%- else -%}
    {%- set default_null_value = '_dbt_utils_surrogate_key_null_' -%}
  {%- endif -%}
  {%- set fields = [] -%}
  {%- for field in field_list -%}
    {%- do fields.append("coalesce(cast(" ~ field ~ " as " ~ dbt.type_string() ~ "), '" ~ default_null_value ~ "')") -%}
    {%- if not loop.last %}{%- do fields.append("'-'") -%}{%- endif -%}
  {%- endfor -%}
  {{ dbt.hash(dbt.concat(fields)) }}
{%- endmacro -%}

{%- macro surrogate_key(field_list) -%}
  {%- do exceptions.warn("Warning: `dbt_utils.surrogate_key` has been replaced by `dbt_utils.generate_surrogate_key`.") -%}
  {{ return(dbt_utils.generate_surrogate_key(field_list)) }}
{%- endmacro -%}

{% macro get_intervals_between(start_date, end_date, datepart) -%}{{ return(adapter.dispatch('get_intervals_between', 'dbt_utils')(start_date, end_date, datepart)) }}{%- endmacro %}
{% macro default__get_intervals_between(start_date, end_date, datepart) -%}
  {%- call statement('get_intervals_between', fetch_result=True) %}
    select {{ dbt.datediff(start_date, end_date, datepart) }}
  {%- endcall -%}
  {%- set value_list = load_result('get_intervals_between') -%}
  {%- if value_list and value_list['data'] -%}
    {%- set values = value_list['data'] | map(attribute=0) | list %}
    {{ return(values[0]) }}
  {%- else -%}{{ return(1) }}{%- endif -%}
{%- endmacro %}

{% macro get_powers_of_two(upper_bound) %}{{ return(adapter.dispatch('get_powers_of_two', 'dbt_utils')(upper_bound)) }}{% endmacro %}
{% macro default__get_powers_of_two(upper_bound) %}
  {% if upper_bound <= 0 %}{{ exceptions.raise_compiler_error("upper bound must be positive") }}{% endif %}
  {% for _ in range(1, 100) %}{% if upper_bound <= 2 ** loop.index %}{{ return(loop.index) }}{% endif %}{% endfor %}
{% endmacro %}

{% macro generate_series(upper_bound) %}{{ return(adapter.dispatch('generate_series', 'dbt_utils')(upper_bound)) }}{% endmacro %}
{% macro default__generate_series(upper_bound) %}
  {% set n = dbt_utils.get_powers_of_two(upper_bound) %}
  with p as (select 0 as generated_number union all select 1),
  unioned as (
    select
    {% for i in range(n) %}p{{ i }}.generated_number * power(2, {{ i }}){% if not loop.last %} + {% endif %}{% endfor %} + 1 as generated_number
    from {% for i in range(n) %}p as p{{ i }}{% if not loop.last %} cross join {% endif %}{% endfor %}
  )
  select * from unioned where generated_number <= {{ upper_bound }} order by generated_number
{% endmacro %}

{% macro date_spine(datepart, start_date, end_date) %}{{ return(adapter.dispatch('date_spine', 'dbt_utils')(datepart, start_date, end_date)) }}{%- endmacro %}
{% macro default__date_spine(datepart, start_date, end_date) %}
  with rawdata as ({{ dbt_utils.generate_series(dbt_utils.get_intervals_between(start_date, end_date, datepart)) }}),
  all_periods as (
    select ({{ dbt.dateadd(datepart, "row_number() over (order by generated_number) - 1", start_date) }}) as date_{{ datepart }} from rawdata
  ),
  filtered as (select * from all_periods where date_{{ datepart }} <= {{ end_date }})
  select * from filtered
{% endmacro %}

{% macro group_by(n) -%}{{ return(adapter.dispatch('group_by', 'dbt_utils')(n)) }}{% endmacro %}
{%- macro default__group_by(n) -%}group by {% for i in range(1, n + 1) -%}{{ i }}{{ ',' if not loop.last }}{%- endfor -%}{%- endmacro -%}

{% macro safe_divide(numerator, denominator) -%}{{ return(adapter.dispatch('safe_divide', 'dbt_utils')(numerator, denominator)) }}{%- endmacro %}
{% macro default__safe_divide(numerator, denominator) %}( {{ numerator }} ) / nullif( ( {{ denominator }} ), 0){% endmacro %}

{%- macro safe_add(field_list) -%}{{ return(adapter.dispatch('safe_add', 'dbt_utils')(field_list)) }}{% endmacro %}
{%- macro default__safe_add(field_list) -%}
  {%- if field_list is not iterable or field_list is string or field_list is mapping -%}{%- do exceptions.raise_compiler_error('safe_add takes a list') -%}{%- endif -%}
  {% set fields = [] %}{%- for field in field_list -%}{%- do fields.append("coalesce(" ~ field ~ ", 0)") -%}{%- endfor -%}
  {{ fields|join(' +\n  ') }}
{%- endmacro -%}

{% macro width_bucket(expr, min_value, max_value, num_buckets) %}{{ return(adapter.dispatch('width_bucket', 'dbt_utils')(expr, min_value, max_value, num_buckets)) }}{% endmacro %}
{% macro default__width_bucket(expr, min_value, max_value, num_buckets) -%}
  {% set bin_size -%}(( {{ max_value }} - {{ min_value }} ) / {{ num_buckets }} ){%- endset %}
  (
    case
      when mod({{ dbt.safe_cast(expr, dbt.type_numeric()) }}, {{ dbt.safe_cast(bin_size, dbt.type_numeric()) }}) = 0 then 1 else 0
    end
  ) + least(greatest(ceil(({{ expr }} - {{ min_value }}) / {{ bin_size }}), 0), {{ num_buckets }} + 1)
{%- endmacro %}

{% macro nullcheck_table(relation) %}{{ return(adapter.dispatch('nullcheck_table', 'dbt_utils')(relation)) }}{% endmacro %}
{% macro default__nullcheck_table(relation) %}
  {%- do dbt_utils._is_relation(relation, 'nullcheck_table') -%}
  {% set cols = adapter.get_columns_in_relation(relation) %}
  select {{ dbt_utils.nullcheck(cols) }} from {{ relation }}
{% endmacro %}
{% macro nullcheck(cols) %}
  {%- for col in cols %}
    {% if col.is_string() -%}nullif({{ col.name }},'') as {{ col.name }}{%- else -%}{{ col.name }}{%- endif -%}{%- if not loop.last -%} , {%- endif -%}
  {%- endfor -%}
{% endmacro %}
