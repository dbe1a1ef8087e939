{% macro snapshot_revision_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
  {% set primary_key = config.get('unique_key') %}
  {% set updated_at = config.get('updated_at') %}
  {% set revision = config.get('revision') or model_config['revision'] %}
  {% set hard_deletes = adapter.get_hard_deletes_behavior(config) %}
  {% set row_changed_expr %}({{ snapshotted_rel }}.{{ revision }} < {{ current_rel }}.{{ revision }}{{ ' or false' if target_exists }}){% endset %}
  {% set scd_args = api.Relation.scd_args(primary_key, updated_at) %}
  {% do return({
    "unique_key": primary_key, "updated_at": updated_at, "row_changed": row_changed_expr,
    "scd_id": snapshot_hash_arguments(scd_args),
    "invalidate_hard_deletes": hard_deletes == 'invalidate', "hard_deletes": hard_deletes
  }) %}
{% endmacro %}

{# in place of dbt's own: case counts for nothing #}
{% macro snapshot_check_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
  {% set changed = [] %}
  {% for column in config.get('check_cols') %}{% do changed.append('lower(' ~ snapshotted_rel ~ '.' ~ column ~ '::varchar) != lower(' ~ current_rel ~ '.' ~ column ~ '::varchar)') %}{% endfor %}
  {% do return({
    "unique_key": config.get('unique_key'), "updated_at": config.get('updated_at'), "row_changed": '(' ~ changed | join(' or ') ~ ')',
    "scd_id": snapshot_hash_arguments([config.get('unique_key'), config.get('updated_at')])
  }) %}
{% endmacro %}
