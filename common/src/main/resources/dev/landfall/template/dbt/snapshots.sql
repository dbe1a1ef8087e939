{# What a project's own snapshot strategies stand on. #}

{% macro snapshot_hash_arguments(args) -%}{{ return(adapter.dispatch('snapshot_hash_arguments', 'dbt')(args)) }}{%- endmacro %}
{% macro default__snapshot_hash_arguments(args) -%}
  md5({% for arg in args %}coalesce(cast({{ arg }} as varchar), ''){{ " || '|' || " if not loop.last }}{% endfor %})
{%- endmacro %}

{% macro get_snapshot_table_column_names() %}
  {%- set names = {} -%}
  {%- for name in ['dbt_valid_to', 'dbt_valid_from', 'dbt_scd_id', 'dbt_updated_at', 'dbt_is_deleted'] -%}
    {%- do names.update({name: (config.get('snapshot_meta_column_names') or {}).get(name) or name}) -%}
  {%- endfor -%}
  {{ return(names) }}
{% endmacro %}

{% macro get_true_sql() %}{{ return('TRUE') }}{% endmacro %}

{% macro strategy_dispatch(name) -%}
  {%- set parts = name.split('.') -%}
  {{ return((context[parts[0]] if parts | length == 2 else context)['snapshot_' ~ parts[-1] ~ '_strategy']) }}
{%- endmacro %}

{% macro snapshot_said(updated_at, row_changed) -%}
  {%- set hard_deletes = adapter.get_hard_deletes_behavior(config) -%}
  {{ return({
    'unique_key': config.get('unique_key'), 'updated_at': updated_at, 'row_changed': row_changed,
    'scd_id': snapshot_hash_arguments(api.Relation.scd_args(config.get('unique_key'), updated_at)),
    'invalidate_hard_deletes': hard_deletes == 'invalidate', 'hard_deletes': hard_deletes
  }) }}
{%- endmacro %}

{% macro snapshot_timestamp_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) -%}
  {%- set updated_at = config.get('updated_at') -%}
  {{ return(snapshot_said(updated_at, '(' ~ snapshotted_rel ~ '.' ~ get_snapshot_table_column_names()['dbt_valid_from'] ~ ' < ' ~ current_rel ~ '.' ~ updated_at ~ ')')) }}
{%- endmacro %}

{% macro snapshot_check_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) -%}
  {%- set changes = ['FALSE'] -%}
  {%- if target_exists -%}
    {%- set checked = config.get('check_cols') -%}
    {%- set names = get_columns_in_query(node['compiled_code'] if checked == 'all' else 'select ' ~ (checked | join(', ')) ~ ' from (' ~ node['compiled_code'] ~ ') subq') -%}
    {%- set present = adapter.get_columns_in_relation(adapter.get_relation(database=node.database, schema=node.schema, identifier=node.alias)) | map(attribute='name') | list -%}
    {%- for name in names -%}
      {%- set quoted = adapter.quote(name) -%}
      {%- do changes.append(snapshotted_rel ~ '.' ~ quoted ~ ' is distinct from ' ~ current_rel ~ '.' ~ quoted if name in present else 'TRUE') -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(snapshot_said(config.get('updated_at') or snapshot_get_time(), '(' ~ (changes | join(' or ')) ~ ')')) }}
{%- endmacro %}
