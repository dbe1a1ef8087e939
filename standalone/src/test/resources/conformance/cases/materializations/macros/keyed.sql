{# an incremental materialization of one's own, by dbt's building blocks #}
{% materialization keyed, adapter='duckdb' -%}
  {%- set existing_relation = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set mode = incremental_validate_on_schema_change(config.get('on_schema_change'), default='ignore') -%}
  {%- set to_drop = [] -%}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {% if existing_relation is none %}
    {% set build_sql = get_create_table_as_sql(False, target_relation, sql) %}
  {% elif should_full_refresh() or existing_relation.is_view %}
    {% set beside = make_intermediate_relation(target_relation) %}
    {% set build_sql = get_create_table_as_sql(False, beside, sql) %}
    {% set need_swap = true %}
  {% else %}
    {% set temp_relation = make_temp_relation(target_relation) %}
    {% do run_query(get_create_table_as_sql(True, temp_relation, sql)) %}
    {% do adapter.expand_target_column_types(from_relation=temp_relation, to_relation=target_relation) %}
    {% set dest_columns = process_schema_changes(mode, temp_relation, existing_relation) or adapter.get_columns_in_relation(existing_relation) %}
    {% set strategy = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy') or 'default') %}
    {% set build_sql = strategy({'target_relation': target_relation, 'temp_relation': temp_relation, 'unique_key': config.get('unique_key'), 'dest_columns': dest_columns, 'incremental_predicates': none}) %}
  {% endif %}
  {% call statement('main') %}{{ build_sql }}{% endcall %}
  {% if need_swap %}
    {% set backup = make_backup_relation(target_relation, existing_relation.type) %}
    {% do adapter.rename_relation(existing_relation, backup) %}
    {% do adapter.rename_relation(beside, target_relation) %}
    {% do to_drop.append(backup) %}
  {% endif %}
  {% do persist_docs(target_relation, model) %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {% for relation in to_drop %}{% do adapter.drop_relation(relation) %}{% endfor %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{%- endmaterialization %}
