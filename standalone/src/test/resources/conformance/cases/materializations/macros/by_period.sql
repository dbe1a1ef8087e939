{% macro period_sql(target_cols_csv, sql, timestamp_field, start) %}
  {%- set filter = timestamp_field ~ " >= '" ~ start ~ "' and " ~ timestamp_field ~ " < date '" ~ start ~ "' + interval 1 month" -%}
  select {{ target_cols_csv }} from ({{ sql | replace("__PERIOD_FILTER__", filter) }})
{% endmacro %}

{# one period after another, each with a commit of its own #}
{% materialization insert_by_period, default -%}
  {%- set timestamp_field = config.require('timestamp_field') -%}
  {%- if '__PERIOD_FILTER__' not in sql -%}
    {%- do exceptions.raise_compiler_error("Model '" ~ model.unique_id ~ "' does not include the required string '__PERIOD_FILTER__' in its sql") -%}
  {%- endif -%}
  {%- set existing = load_relation(this) -%}
  {%- set target_relation = api.Relation.create(identifier=model['alias'], schema=schema, database=database, type='table') -%}
  {%- set full_refresh = should_full_refresh() -%}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {%- if existing is not none and (full_refresh or not existing.is_table) -%}
    {% do adapter.drop_relation(existing) %}
    {%- set existing = none -%}
  {%- endif -%}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {%- if existing is none -%}
    {% call statement('empty') %}{{ create_table_as(False, target_relation, get_empty_subquery_sql(sql | replace('__PERIOD_FILTER__', 'false'))) }}{% endcall %}
  {%- endif -%}
  {%- do adapter.commit() -%}
  {%- set top = run_query("select coalesce(max(" ~ timestamp_field ~ ")::date + 1, '" ~ config.get('start_date') ~ "'::date) from " ~ target_relation).columns[0].values()[0] -%}
  {%- set loop_vars = {'rows': 0} -%}
  {%- for i in range(config.get('periods', 2)) -%}
    {%- set start = (top.replace(day=1) + modules.datetime.timedelta(days=32 * i)).replace(day=1) -%}
    {%- set names = adapter.get_columns_in_relation(target_relation) | map(attribute='quoted') | join(', ') -%}
    {%- set tmp = make_temp_relation(target_relation, '__period' ~ i) -%}
    {% call statement() -%}{{ create_table_as(True, tmp, period_sql(names, sql, timestamp_field, start)) }}{%- endcall %}
    {%- do adapter.expand_target_column_types(from_relation=tmp, to_relation=target_relation) -%}
    {%- set name = 'main-' ~ i -%}
    {% call statement(name, fetch_result=True) -%}
      insert into {{ target_relation }} ({{ names }}) (select {{ names }} from {{ tmp }})
    {%- endcall %}
    {%- set result = load_result(name) -%}
    {%- do loop_vars.update({'rows': loop_vars['rows'] + (result['data'][0][0] if result['data'] else 0)}) -%}
    {%- do adapter.commit() -%}
  {%- endfor -%}
  {% call noop_statement('main', 'INSERT ' ~ loop_vars['rows']) -%}
    -- no-op
  {%- endcall %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{%- endmaterialization %}
