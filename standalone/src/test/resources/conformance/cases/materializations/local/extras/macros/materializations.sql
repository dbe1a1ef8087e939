{% materialization doubled, default %}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set old = load_cached_relation(this) -%}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {% do drop_relation_if_exists(old) %}
  {% call statement('main') -%}
    {{ get_create_table_as_sql(False, target_relation, sql) }}
  {%- endcall %}
  {% call statement('again', fetch_result=False) %}insert into {{ target_relation }} {{ compiled_code }}{% endcall %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {{ adapter.commit() }}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{# dbt does not let a package take the place of one of its own materializations #}
{% materialization external, adapter='duckdb' %}
  {% do exceptions.raise_compiler_error('the external of the package') %}
{% endmaterialization %}
{% materialization view, default %}
  {% do exceptions.raise_compiler_error('the view of the package') %}
{% endmaterialization %}
{# the project has one of this name for all databases, the package one for DuckDB: the nearer to the database wins #}
{% materialization either, adapter='duckdb' %}
  {%- set target_relation = this.incorporate(type='table') -%}
  {% call statement('main') %}create or replace table {{ target_relation }} as select 'package' as taken{% endcall %}
  {{ adapter.commit() }}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
