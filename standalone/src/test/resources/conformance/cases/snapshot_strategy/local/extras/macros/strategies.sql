{# dbt's own, with another key and with rows that go #}
{% macro snapshot_by_name_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
  {% set said = snapshot_timestamp_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
  {% do said.update({'unique_key': ['region', 'name'], 'hard_deletes': 'invalidate', 'invalidate_hard_deletes': true,
    'scd_id': snapshot_hash_arguments(['region', 'name', said['updated_at']])}) %}
  {% do return(said) %}
{% endmacro %}
{# by package.strategy alone #}
{% macro snapshot_unheard_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
  {% do return({'updated_at': 'seen', 'unique_key': 'id', 'row_changed': '(' ~ snapshotted_rel ~ '.rev <> ' ~ current_rel ~ '.rev)', 'scd_id': "md5(id || '/' || seen)", 'hard_deletes': 'new_record'}) %}
{% endmacro %}
