{% macro get_tables_by_pattern_sql(schema_pattern, table_pattern, exclude='', database=target.database) %}
  {{ return(adapter.dispatch('get_tables_by_pattern_sql', 'dbt_utils')(schema_pattern, table_pattern, exclude, database)) }}
{% endmacro %}
{% macro default__get_tables_by_pattern_sql(schema_pattern, table_pattern, exclude='', database=target.database) %}
  select distinct
    table_schema as {{ adapter.quote('table_schema') }},
    table_name as {{ adapter.quote('table_name') }},
    {{ dbt_utils.get_table_types_sql() }}
  from {{ database }}.information_schema.tables
  where table_schema ilike '{{ schema_pattern }}'
    and table_name ilike '{{ table_pattern }}'
    and table_name not ilike '{{ exclude }}'
  order by 1, 2
{% endmacro %}

{%- macro get_table_types_sql() -%}{{ return(adapter.dispatch('get_table_types_sql', 'dbt_utils')()) }}{%- endmacro -%}
{% macro default__get_table_types_sql() %}
  case table_type when 'BASE TABLE' then 'table' when 'EXTERNAL TABLE' then 'external' else lower(table_type) end as {{ adapter.quote('table_type') }}
{% endmacro %}

{% macro get_relations_by_pattern(schema_pattern, table_pattern, exclude='', database=target.database) %}
  {{ return(adapter.dispatch('get_relations_by_pattern', 'dbt_utils')(schema_pattern, table_pattern, exclude, database)) }}
{% endmacro %}
{% macro default__get_relations_by_pattern(schema_pattern, table_pattern, exclude='', database=target.database) %}
  {%- call statement('get_tables', fetch_result=True) %}
    {{ dbt_utils.get_tables_by_pattern_sql(schema_pattern, table_pattern, exclude, database) }}
  {%- endcall -%}
  {%- set table_list = load_result('get_tables') -%}
  {%- if table_list and table_list['table'] -%}
    {%- set tbl_relations = [] -%}
    {%- for row in table_list['table'] -%}
      {%- set tbl_relation = api.Relation.create(database=database, schema=row.table_schema, identifier=row.table_name, type=row.table_type) -%}
      {%- do tbl_relations.append(tbl_relation) -%}
    {%- endfor -%}
    {{ return(tbl_relations) }}
  {%- else -%}{{ return([]) }}{%- endif -%}
{% endmacro %}

{% macro get_relations_by_prefix(schema, prefix, exclude='', database=target.database) %}
  {{ return(adapter.dispatch('get_relations_by_prefix', 'dbt_utils')(schema, prefix, exclude, database)) }}
{% endmacro %}
{% macro default__get_relations_by_prefix(schema, prefix, exclude='', database=target.database) %}
  {{ return(dbt_utils.get_relations_by_pattern(schema, prefix ~ '%', exclude, database)) }}
{% endmacro %}

{%- macro union_relations(relations, column_override=none, include=[], exclude=[], source_column_name='_dbt_source_relation', where=none) -%}
  {{ return(adapter.dispatch('union_relations', 'dbt_utils')(relations, column_override, include, exclude, source_column_name, where)) }}
{% endmacro %}
{%- macro default__union_relations(relations, column_override=none, include=[], exclude=[], source_column_name='_dbt_source_relation', where=none) -%}
  {%- if exclude and include -%}
    {{ exceptions.raise_compiler_error("Both an exclude and include list were provided to the `union` macro. Only one is allowed") }}
  {%- endif -%}
  {%- if not execute %}{{ return('') }}{% endif -%}
  {%- set column_override = column_override if column_override is not none else {} -%}
  {%- set relation_columns = {} -%}
  {%- set column_superset = {} -%}
  {%- set all_excludes = [] -%}
  {%- set all_includes = [] -%}
  {%- for exc in exclude -%}{%- do all_excludes.append(exc | lower) -%}{%- endfor -%}
  {%- for inc in include -%}{%- do all_includes.append(inc | lower) -%}{%- endfor -%}
  {%- for relation in relations -%}
    {%- do relation_columns.update({relation: []}) -%}
    {%- do dbt_utils._is_relation(relation, 'union_relations') -%}
    {%- do dbt_utils._is_ephemeral(relation, 'union_relations') -%}
    {%- set cols = adapter.get_columns_in_relation(relation) -%}
    {%- for col in cols -%}
      {%- if exclude and col.column | lower in all_excludes -%}
      {%- elif include and col.column | lower not in all_includes -%}
      {%- else -%}
        {%- do relation_columns[relation].append(col.column) -%}
        {%- if col.column in column_superset -%}
          {%- set stored = column_superset[col.column] -%}
          {%- if col.is_string() and stored.is_string() and col.string_size() > stored.string_size() -%}
            {%- do column_superset.update({col.column: col}) -%}
          {%- elif col.is_numeric() and not stored.is_numeric() and not stored.is_string() -%}
            {%- do column_superset.update({col.column: api.Column(col.column, col.dtype, col.char_size, col.numeric_precision, col.numeric_scale)}) -%}
          {%- endif -%}
        {%- else -%}
          {%- do column_superset.update({col.column: col}) -%}
        {%- endif -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endfor -%}
  {%- set ordered_column_names = column_superset.keys() -%}
  {%- set dbt_command = flags.WHICH -%}
  {% if dbt_command in ['run', 'build'] %}
    {% if (include | length > 0 or exclude | length > 0) and not column_superset.keys() %}
      {%- set relations_string -%}{%- for relation in relations -%}{{ relation.name }}{%- if not loop.last %}, {% endif -%}{%- endfor -%}{%- endset -%}
      {{ exceptions.raise_compiler_error("There were no columns found to union for relations " ~ relations_string) }}
    {%- endif -%}
  {%- endif -%}
  {%- for relation in relations %}
    (
      select
        {%- if source_column_name is not none %}
        cast({{ dbt.string_literal(relation) }} as {{ dbt.type_string() }}) as {{ source_column_name }},
        {%- endif %}
        {% for col_name in ordered_column_names -%}
          {%- set col = column_superset[col_name] %}
          {%- set col_type = column_override.get(col.column, col.data_type) %}
          {%- set col_name = adapter.quote(col_name) if col_name in relation_columns[relation] else 'null' %}
        cast({{ col_name }} as {{ col_type }}) as {{ col.quoted }} {% if not loop.last %},{% endif -%}
        {%- endfor %}
      from {{ relation }}
      {% if where -%}where {{ where }}{%- endif %}
    )
    {% if not loop.last -%}union all{% endif -%}
  {%- endfor -%}
{%- endmacro -%}

{% macro deduplicate(relation, partition_by, order_by) -%}{{ return(adapter.dispatch('deduplicate', 'dbt_utils')(relation, partition_by, order_by)) }}{% endmacro %}
{%- macro default__deduplicate(relation, partition_by, order_by) -%}
  with row_numbered as (
    select _inner.*, row_number() over (partition by {{ partition_by }} order by {{ order_by }}) as rn
    from {{ relation }} as _inner
  )
  select distinct data.*
  from {{ relation }} as data
  natural join row_numbered
  where row_numbered.rn = 1
{%- endmacro -%}
{%- macro duckdb__deduplicate(relation, partition_by, order_by) -%}
  select * from {{ relation }} qualify row_number() over (partition by {{ partition_by }} order by {{ order_by }}) = 1
{%- endmacro -%}
