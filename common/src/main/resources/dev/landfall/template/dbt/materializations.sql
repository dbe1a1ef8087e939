{# What a project's own materializations stand on. The engine's own materializations are not templates. #}

{% macro run_hooks(hooks, inside_transaction=True) %}
  {%- for hook in hooks | selectattr('transaction', 'equalto', inside_transaction) -%}
    {%- set text = render(hook.get('sql')) | trim -%}
    {%- if text -%}{%- call statement(auto_begin=inside_transaction) -%}{{ text }}{%- endcall -%}{%- endif -%}
  {%- endfor -%}
{% endmacro %}
{% macro make_hook_config(sql, inside_transaction) %}{{ tojson({'sql': sql, 'transaction': inside_transaction}) }}{% endmacro %}

{# --- creating #}

{% macro create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) -%}
  {{ return(adapter.dispatch('create_table_as', 'dbt')(temporary, relation, compiled_code, language)) }}
{%- endmacro %}
{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) -%}
  {%- if language != 'sql' -%}{%- do exceptions.raise_compiler_error("create_table_as knows no '" ~ language ~ "'") -%}{%- endif -%}
  {%- set enforced = (config.get('contract') or {}).get('enforced') -%}
  {%- if enforced -%}{{ get_assert_columns_equivalent(compiled_code) }}{%- endif -%}
  {{ config.get('sql_header') or '' }}
  create {{ 'temporary ' if temporary }}table {{ relation.include(database=not temporary, schema=not temporary) }}
  {%- if enforced and not temporary %} {{ get_table_columns_and_constraints() }};
  insert into {{ relation }} {{ get_column_names() }} ({{ get_select_subquery(compiled_code) }});
  {%- else %} as (
    {{ compiled_code }}
  );
  {%- endif -%}
{%- endmacro %}
{% macro get_create_table_as_sql(temporary, relation, sql) %}{{ return(adapter.dispatch('get_create_table_as_sql', 'dbt')(temporary, relation, sql)) }}{% endmacro %}
{% macro default__get_create_table_as_sql(temporary, relation, sql) %}{{ return(create_table_as(temporary, relation, sql)) }}{% endmacro %}

{% macro create_view_as(relation, sql) -%}{{ return(adapter.dispatch('create_view_as', 'dbt')(relation, sql)) }}{%- endmacro %}
{% macro duckdb__create_view_as(relation, sql) -%}
  {%- if (config.get('contract') or {}).get('enforced') -%}{{ get_assert_columns_equivalent(sql) }}{%- endif -%}
  {{ config.get('sql_header') or '' }}
  create view {{ relation }} as (
    {{ sql }}
  );
{%- endmacro %}
{% macro get_create_view_as_sql(relation, sql) %}{{ return(adapter.dispatch('get_create_view_as_sql', 'dbt')(relation, sql)) }}{% endmacro %}
{% macro default__get_create_view_as_sql(relation, sql) %}{{ return(create_view_as(relation, sql)) }}{% endmacro %}
{% macro get_create_sql(relation, sql) %}{{ return(get_create_view_as_sql(relation, sql) if relation.is_view else get_create_table_as_sql(False, relation, sql)) }}{% endmacro %}
{% macro get_create_intermediate_sql(relation, sql) %}
  {%- set beside = make_intermediate_relation(relation) -%}
  {{ get_drop_sql(beside) }}; {{ get_create_sql(beside, sql) }}
{% endmacro %}
{% macro get_create_backup_sql(relation) %}
  {%- set backup = make_backup_relation(relation, relation.type) -%}
  {{ get_drop_sql(backup) }}; {{ get_rename_sql(relation, backup.identifier) }}
{% endmacro %}
{% macro get_rename_intermediate_sql(relation) %}{{ get_rename_sql(make_intermediate_relation(relation), relation.identifier) }}{% endmacro %}
{% macro get_rename_sql(relation, new_name) %}alter {{ relation.type }} {{ relation }} rename to {{ adapter.quote(new_name) }}{% endmacro %}
{% macro get_drop_sql(relation) %}drop {{ relation.type }} if exists {{ relation }}{{ '' if adapter.is_ducklake(relation) else ' cascade' }}{% endmacro %}
{% macro get_drop_backup_sql(relation) %}{{ get_drop_sql(make_backup_relation(relation, relation.type)) }}{% endmacro %}
{% macro get_replace_view_sql(relation, sql) %}create or replace view {{ relation }} as ({{ sql }}){% endmacro %}
{% macro get_replace_table_sql(relation, sql) %}create or replace table {{ relation }} as ({{ sql }}){% endmacro %}

{# --- contracts #}

{% macro get_assert_columns_equivalent(sql) %}{{ return(adapter.dispatch('get_assert_columns_equivalent', 'dbt')(sql)) }}{% endmacro %}
{% macro default__get_assert_columns_equivalent(sql) %}
  {%- set given = adapter.get_column_schema_from_query(get_empty_subquery_sql(sql)) -%}
  {%- set wanted = adapter.get_column_schema_from_query(get_empty_schema_sql(model['columns'])) -%}
  {%- set names = given | map(attribute='name') | map('lower') | sort -%}
  {%- if names != wanted | map(attribute='name') | map('lower') | sort -%}{%- do exceptions.raise_contract_error(wanted, given) -%}{%- endif -%}
  {%- for column in given -%}
    {%- for other in wanted if other.name | lower == column.name | lower and other.data_type != column.data_type -%}
      {%- do exceptions.raise_contract_error(wanted, given) -%}
    {%- endfor -%}
  {%- endfor -%}
{% endmacro %}
{% macro get_empty_schema_sql(columns) %}
  {%- set missing = columns.values() | rejectattr('data_type') | map(attribute='name') | list -%}
  {%- if missing -%}{{ exceptions.column_type_missing(column_names=missing) }}{%- endif -%}
  select {% for column in columns.values() %}cast(null as {{ column['data_type'] }}) as {{ adapter.quote(column['name']) if column.get('quote') else column['name'] }}{{ ', ' if not loop.last }}{% endfor %}
{% endmacro %}
{% macro get_table_columns_and_constraints() %}
  {%- set parts = [] -%}
  {%- for column in model['columns'].values() -%}
    {%- set words = [adapter.quote(column['name']) if column.get('quote') else column['name'], column['data_type']] -%}
    {%- for constraint in column['constraints'] or [] -%}{%- do words.append(constraint_sql(constraint) | trim) -%}{%- endfor -%}
    {%- do parts.append(words | join(' ')) -%}
  {%- endfor -%}
  {%- for constraint in model['constraints'] or [] -%}
    {%- set text = constraint_sql(constraint, constraint.get('columns')) | trim -%}
    {%- if text -%}{%- do parts.append(('constraint ' ~ constraint['name'] ~ ' ' if constraint.get('name') else '') ~ text) -%}{%- endif -%}
  {%- endfor -%}
  ({{ parts | join(', ') }})
{%- endmacro %}
{# A constraint of a column, or of a table when it names columns. #}
{% macro constraint_sql(constraint, columns=none) -%}
  {%- set type = constraint['type'] | string -%}
  {%- set text = constraint.get('expression') or '' -%}
  {%- set of = ' (' ~ (columns | join(', ')) ~ ')' if columns else '' -%}
  {%- if type == 'check' -%}check ({{ text }})
  {%- elif type in ['not_null', 'unique', 'primary_key'] -%}{{ type | replace('_', ' ') }} {{ text }}{{ of }}
  {%- elif type == 'foreign_key' -%}
    {{ 'foreign key' ~ of if of }} references {% if constraint.get('to') and constraint.get('to_columns') -%}
      {{ render('{{ ' ~ constraint['to'] ~ ' }}') if '(' in constraint['to'] else constraint['to'] }} ({{ constraint['to_columns'] | join(', ') }})
    {%- else -%}{{ text }}{%- endif -%}
  {%- else -%}{{ text }}{%- endif -%}
{%- endmacro %}
{% macro get_column_names() %}({% for column in model['columns'].values() %}{{ adapter.quote(column['name']) if column.get('quote') else column['name'] }}{{ ', ' if not loop.last }}{% endfor %}){% endmacro %}
{% macro get_select_subquery(sql) %}select {{ get_column_names()[1:-1] }} from ({{ sql }}) as model_subq{% endmacro %}

{# --- what surrounds a relation #}

{% macro copy_grants() %}{{ return(True) }}{% endmacro %}
{% macro should_revoke(existing_relation, full_refresh_mode=True) %}{{ return(existing_relation is not none and (not full_refresh_mode or copy_grants())) }}{% endmacro %}
{% macro apply_grants(relation, grant_config, should_revoke=True) %}
  {%- if grant_config -%}{%- do adapter.warn_once('Grants for relations are not supported by DuckDB') -%}{%- endif -%}
{% endmacro %}

{% macro persist_docs(relation, model, for_relation=true, for_columns=true) %}{{ return(adapter.dispatch('persist_docs', 'dbt')(relation, model, for_relation, for_columns)) }}{% endmacro %}
{% macro default__persist_docs(relation, model, for_relation, for_columns) %}
  {%- if for_relation and config.persist_relation_docs() and model.description -%}{%- do run_query(alter_relation_comment(relation, model.description)) -%}{%- endif -%}
  {%- if for_columns and config.persist_column_docs() and model.columns -%}
    {%- set text = alter_column_comment(relation, model.columns) | trim -%}
    {%- if text -%}{%- do run_query(text) -%}{%- endif -%}
  {%- endif -%}
{% endmacro %}
{% macro alter_relation_comment(relation, comment) %}comment on {{ relation.type }} {{ relation }} is {{ dbt.string_literal(dbt.escape_single_quotes(comment)) }}{% endmacro %}
{% macro alter_column_comment(relation, column_dict) %}
  {%- set present = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
  {%- for name in column_dict if name in present %}
    comment on column {{ relation }}.{{ adapter.quote(name) }} is {{ dbt.string_literal(dbt.escape_single_quotes(column_dict[name]['description'])) }};
  {%- endfor -%}
{% endmacro %}

{% macro create_indexes(relation) %}
  {%- for index in config.get('indexes', default=[]) -%}{%- do run_query(get_create_index_sql(relation, index)) -%}{%- endfor -%}
{% endmacro %}
{% macro get_create_index_sql(relation, index_dict) -%}
  create {{ 'unique ' if index_dict.get('unique') }}index {{ adapter.quote('__dbt_index_' ~ local_md5(relation ~ tojson(index_dict) ~ py_current_timestring())) }} on {{ relation }} ({{ index_dict['columns'] | join(', ') }})
{%- endmacro %}
{% macro drop_indexes_on_relation(relation) %}
  {%- for row in run_query("select index_name from duckdb_indexes() where database_name = '" ~ relation.database ~ "' and schema_name = '" ~ relation.schema ~ "' and table_name = '" ~ relation.identifier ~ "'") -%}
    {%- do run_query('drop index ' ~ api.Relation.create(database=relation.database, schema=relation.schema, identifier=row[0])) -%}
  {%- endfor -%}
{% endmacro %}
{% macro duckdb__get_partitioned_by(relation, temporary) %}{{ return(none) }}{% endmacro %}
{% macro duckdb__get_sorted_by(relation, temporary) %}{{ return(none) }}{% endmacro %}
{% macro duckdb__dispatch_temporary_relation(target_relation, batch_id='') %}{{ return({'relation': make_temp_relation(target_relation), 'temporary': true}) }}{% endmacro %}
{% macro has_foreign_key_constraints(relation=none) %}{{ return(false) }}{% endmacro %}
{% macro may_be_foreign_key_target(relation=none) %}{{ return(false) }}{% endmacro %}
{% macro drop_foreign_key_dependents(relation) %}{{ return([]) }}{% endmacro %}
{% macro restore_foreign_key_dependents(dropped) %}{% endmacro %}
{% macro drop_relation_for_rebuild(relation) %}{%- do adapter.drop_relation(relation) -%}{{ return([]) }}{% endmacro %}

{# --- columns that come and go #}

{% macro incremental_validate_on_schema_change(on_schema_change, default='ignore') -%}
  {{ return(on_schema_change if on_schema_change in ['sync_all_columns', 'append_new_columns', 'fail', 'ignore'] else default) }}
{%- endmacro %}
{% macro check_for_schema_changes(source_relation, target_relation) -%}
  {%- set source_columns = adapter.get_columns_in_relation(source_relation) -%}
  {%- set target_columns = adapter.get_columns_in_relation(target_relation) -%}
  {%- set added = diff_columns(source_columns, target_columns) -%}
  {%- set removed = diff_columns(target_columns, source_columns) -%}
  {%- set retyped = diff_column_data_types(source_columns, target_columns) -%}
  {{ return({
    'schema_changed': added != [] or removed != [] or retyped != [],
    'source_not_in_target': added, 'target_not_in_source': removed, 'new_target_types': retyped,
    'source_columns': source_columns, 'target_columns': target_columns
  }) }}
{%- endmacro %}
{% macro sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) %}
  {%- set all = on_schema_change == 'sync_all_columns' -%}
  {%- do alter_relation_add_remove_columns(target_relation, schema_changes_dict['source_not_in_target'], schema_changes_dict['target_not_in_source'] if all else []) -%}
  {%- for change in schema_changes_dict['new_target_types'] if all -%}{%- do alter_column_type(target_relation, change['column_name'], change['new_type']) -%}{%- endfor -%}
{% endmacro %}
{% macro process_schema_changes(on_schema_change, source_relation, target_relation) %}
  {%- if on_schema_change == 'ignore' -%}{{ return({}) }}{%- endif -%}
  {%- set changes = check_for_schema_changes(source_relation, target_relation) -%}
  {%- if changes['schema_changed'] -%}
    {%- if on_schema_change == 'fail' -%}
      {%- do exceptions.raise_compiler_error('The source and target schemas on this incremental model are out of sync!'
          ~ '\n  Source columns not in target: ' ~ changes['source_not_in_target']
          ~ '\n  Target columns not in source: ' ~ changes['target_not_in_source']
          ~ '\n  New column types: ' ~ changes['new_target_types']) -%}
    {%- endif -%}
    {%- do sync_column_schemas(on_schema_change, target_relation, changes) -%}
  {%- endif -%}
  {{ return(changes['source_columns']) }}
{% endmacro %}
{% macro alter_relation_add_remove_columns(relation, add_columns=none, remove_columns=none) %}
  {%- for column in add_columns or [] -%}{%- do run_query('alter ' ~ relation.type ~ ' ' ~ relation ~ ' add column ' ~ adapter.quote(column.name) ~ ' ' ~ column.data_type) -%}{%- endfor -%}
  {%- for column in remove_columns or [] -%}{%- do run_query('alter ' ~ relation.type ~ ' ' ~ relation ~ ' drop column ' ~ adapter.quote(column.name)) -%}{%- endfor -%}
{% endmacro %}
{% macro alter_column_type(relation, column_name, new_column_type) %}
  {%- set old = adapter.quote(column_name) -%}
  {%- set new = adapter.quote(column_name ~ '__dbt_alter') -%}
  {%- call statement('alter_column_type') -%}
    alter table {{ relation }} add column {{ new }} {{ new_column_type }};
    update {{ relation }} set {{ new }} = {{ old }};
    alter table {{ relation }} drop column {{ old }} cascade;
    alter table {{ relation }} rename column {{ new }} to {{ old }}
  {%- endcall -%}
{% endmacro %}

{# --- incremental strategies #}

{% macro get_incremental_default_sql(arg_dict) %}{{ return(adapter.dispatch('get_incremental_default_sql', 'dbt')(arg_dict)) }}{% endmacro %}
{% macro duckdb__get_incremental_default_sql(arg_dict) %}{{ return(get_incremental_delete_insert_sql(arg_dict)) }}{% endmacro %}
{% macro get_incremental_append_sql(arg_dict) %}{{ return(get_insert_into_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['dest_columns'])) }}{% endmacro %}
{% macro get_incremental_delete_insert_sql(arg_dict) %}{{ return(get_delete_insert_merge_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['unique_key'], arg_dict['dest_columns'], arg_dict['incremental_predicates'])) }}{% endmacro %}
{% macro get_incremental_merge_sql(arg_dict) %}{{ return(get_merge_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['unique_key'], arg_dict['dest_columns'], arg_dict['incremental_predicates'])) }}{% endmacro %}

{% macro get_insert_into_sql(target_relation, temp_relation, dest_columns) %}
  {%- set names = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  insert into {{ target_relation }} ({{ names }}) (select {{ names }} from {{ temp_relation }})
{% endmacro %}
{% macro get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) %}{{ return(adapter.dispatch('get_delete_insert_merge_sql', 'dbt')(target, source, unique_key, dest_columns, incremental_predicates)) }}{% endmacro %}
{% macro duckdb__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) %}
  {%- set conditions = [] -%}
  {%- for predicate in incremental_predicates or [] -%}{%- do conditions.append(' and ' ~ predicate) -%}{%- endfor -%}
  {%- if unique_key is string and unique_key -%}
    delete from {{ target }} where ({{ unique_key }}) in (select ({{ unique_key }}) from {{ source }}){{ conditions | join }};
  {%- elif unique_key -%}
    delete from {{ target }} as DBT_INCREMENTAL_TARGET using {{ source }}
    where ({% for key in unique_key %}{{ source }}.{{ key }} = DBT_INCREMENTAL_TARGET.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}{{ conditions | join }});
  {%- endif -%}
  {{ get_insert_into_sql(target, source, dest_columns) }}
{% endmacro %}
{% macro get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) %}{{ return(adapter.dispatch('get_merge_sql', 'dbt')(target, source, unique_key, dest_columns, incremental_predicates)) }}{% endmacro %}
{% macro duckdb__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) %}
  {%- for option in ['merge_clauses', 'merge_on_using_columns', 'merge_update_set_expressions', 'merge_returning_columns'] if config.get(option) -%}
    {%- do exceptions.raise_compiler_error("get_merge_sql() knows no " ~ option ~ "; Landfall's own incremental materialization does") -%}
  {%- endfor -%}
  {%- set keys = [unique_key] if unique_key is string and unique_key else unique_key or [] -%}
  {%- set conditions = [] -%}
  {%- for key in keys -%}{%- do conditions.append('(DBT_INTERNAL_SOURCE.' ~ key ~ ' = DBT_INTERNAL_DEST.' ~ key ~ ')') -%}{%- endfor -%}
  {%- if not keys -%}{%- do conditions.append('(FALSE)') -%}{%- endif -%}
  {%- for predicate in ([incremental_predicates] if incremental_predicates is string else incremental_predicates or []) -%}{%- do conditions.append('(' ~ predicate ~ ')') -%}{%- endfor -%}
  {%- set chosen = config.get('merge_update_columns') or config.get('merge_exclude_columns') -%}
  merge into {{ target }} as DBT_INTERNAL_DEST using {{ source }} as DBT_INTERNAL_SOURCE on {{ conditions | join(' and ') }}
  when matched{{ ' and ' ~ config.get('merge_update_condition') if config.get('merge_update_condition') }} then update
  {%- if chosen %} set {% for column in get_merge_update_columns(config.get('merge_update_columns'), config.get('merge_exclude_columns'), dest_columns) %}{{ column }} = DBT_INTERNAL_SOURCE.{{ column }}{{ ', ' if not loop.last }}{% endfor %}{% else %} by name{% endif %}
  when not matched{{ ' and ' ~ config.get('merge_insert_condition') if config.get('merge_insert_condition') }} then insert by name
{% endmacro %}
{% macro get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) -%}
  {%- if merge_update_columns and merge_exclude_columns -%}{%- do exceptions.raise_compiler_error('Model cannot specify merge_update_columns and merge_exclude_columns. Please update model to use only one config') -%}{%- endif -%}
  {%- if merge_update_columns -%}{{ return(merge_update_columns) }}{%- endif -%}
  {%- set excluded = (merge_exclude_columns or []) | map('lower') | list -%}
  {%- set names = [] -%}
  {%- for column in dest_columns if column.column | lower not in excluded -%}{%- do names.append(column.quoted) -%}{%- endfor -%}
  {{ return(names) }}
{%- endmacro %}
