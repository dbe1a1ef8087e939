{# Helpers around relations and columns that packages call. #}

{% macro get_columns_in_relation(relation) %}{{ return(adapter.get_columns_in_relation(relation)) }}{% endmacro %}

{% macro get_columns_in_query(select_sql) %}{{ return(adapter.dispatch('get_columns_in_query', 'dbt')(select_sql)) }}{% endmacro %}
{% macro default__get_columns_in_query(select_sql) -%}
  {%- set names = [] -%}
  {%- for column in adapter.get_column_schema_from_query('(' ~ select_sql ~ ')') -%}{%- do names.append(column.name) -%}{%- endfor -%}
  {{ return(names) }}
{%- endmacro %}

{% macro get_column_schema_from_query(select_sql, select_sql_header=none) %}{{ return(adapter.get_column_schema_from_query(select_sql)) }}{% endmacro %}

{% macro get_empty_subquery_sql(select_sql, select_sql_header=none) %}{{ return(adapter.dispatch('get_empty_subquery_sql', 'dbt')(select_sql, select_sql_header)) }}{% endmacro %}
{% macro default__get_empty_subquery_sql(select_sql, select_sql_header=none) %}
    {{ select_sql_header if select_sql_header is not none }}
    select * from (
        {{ select_sql }}
    ) as __dbt_sbq
    where false
    limit 0
{% endmacro %}

{% macro create_schema(relation) %}{% do adapter.create_schema(relation) %}{% endmacro %}
{% macro drop_schema(relation) %}{% do adapter.drop_schema(relation) %}{% endmacro %}
{% macro drop_relation(relation) %}{% do adapter.drop_relation(relation) %}{% endmacro %}
{% macro drop_relation_if_exists(relation) %}{% if relation is not none %}{% do adapter.drop_relation(relation) %}{% endif %}{% endmacro %}
{% macro rename_relation(from_relation, to_relation) %}{% do adapter.rename_relation(from_relation, to_relation) %}{% endmacro %}
{% macro truncate_relation(relation) %}{% do adapter.truncate_relation(relation) %}{% endmacro %}
{% macro check_schema_exists(information_schema, schema) %}{{ return(run_query("select count(*) from system.information_schema.schemata where lower(schema_name) = '" ~ (schema | lower) ~ "' and lower(catalog_name) = '" ~ (information_schema.database | lower) ~ "'")) }}{% endmacro %}
{% macro list_schemas(database) %}{{ return(run_query("select schema_name from system.information_schema.schemata" ~ (" where lower(catalog_name) = '" ~ (database | lower) ~ "'" if database is not none else ''))) }}{% endmacro %}
{% macro list_relations_without_caching(schema_relation) %}{{ return(adapter.list_relations_without_caching(schema_relation)) }}{% endmacro %}

{% macro get_or_create_relation(database, schema, identifier, type) -%}
  {%- set found = adapter.get_relation(database=database, schema=schema, identifier=identifier) -%}
  {%- if found -%}{{ return([true, found]) }}{%- endif -%}
  {{ return([false, api.Relation.create(database=database, schema=schema, identifier=identifier, type=type)]) }}
{%- endmacro %}

{% macro make_intermediate_relation(base_relation, suffix='__dbt_tmp') %}{{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix})) }}{% endmacro %}
{% macro make_temp_relation(base_relation, suffix='__dbt_tmp') %}{{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix ~ py_current_timestring(), 'schema': none, 'database': none})) }}{% endmacro %}
{% macro make_backup_relation(base_relation, backup_relation_type, suffix='__dbt_backup') %}{{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix}, type=backup_relation_type)) }}{% endmacro %}

{% macro get_quoted_csv(column_names) -%}
  {%- set quoted = [] -%}
  {%- for name in column_names -%}{%- do quoted.append(adapter.quote(name)) -%}{%- endfor -%}
  {{ return(quoted | join(', ')) }}
{%- endmacro %}

{% macro diff_columns(source_columns, target_columns) -%}
  {%- set present = target_columns | map(attribute='column') | list -%}
  {%- set missing = [] -%}
  {%- for column in source_columns -%}{%- if column.column not in present -%}{%- do missing.append(column) -%}{%- endif -%}{%- endfor -%}
  {{ return(missing) }}
{%- endmacro %}

{% macro diff_column_data_types(source_columns, target_columns) -%}
  {%- set changed = [] -%}
  {%- for column in source_columns -%}
    {%- set old = target_columns | selectattr('name', 'equalto', column.name) | list | first -%}
    {%- if old and column.data_type != old.data_type and not old.can_expand_to(other_column=column) -%}
      {%- do changed.append({'column_name': old.name, 'new_type': column.data_type}) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(changed) }}
{%- endmacro %}

{% macro information_schema_name(database) %}{{ return((database ~ '.' if database) ~ 'INFORMATION_SCHEMA') }}{% endmacro %}

{% macro external_location(relation, config) -%}
  {{ adapter.external_root() }}/{{ relation.identifier }}{{ '.' ~ config.get('format', 'parquet') if config.get('options', {}).get('partition_by') is none }}
{%- endmacro %}
