{% macro into(name) %}create table main.{{ name }} as select '{{ name }}' as what{% endmacro %}
{% macro rel(name) %}{{ return(api.Relation.create(database=target.database, schema='main', identifier=name, type='table')) }}{% endmacro %}

{% macro statement_without_commit() %}{% call statement('x') %}{{ into('no_1') }}{% endcall %}{% endmacro %}
{% macro statement_with_commit() %}{% call statement('x') %}{{ into('yes_1') }}{% endcall %}{% do adapter.commit() %}{% endmacro %}
{% macro statement_of_its_own() %}{% call statement('x', auto_begin=False) %}{{ into('yes_2') }}{% endcall %}{% endmacro %}
{% macro query_alone() %}{% do run_query(into('yes_3')) %}{% endmacro %}
{% macro query_in_transaction() %}{% call statement('x', fetch_result=True) %}select 1{% endcall %}{% do run_query(into('no_2')) %}{% endmacro %}
{% macro query_after_columns() %}{% do adapter.get_columns_in_relation(rel('yes_1')) %}{% do run_query(into('no_3')) %}{% endmacro %}
{% macro query_after_get_relation() %}{% do adapter.get_relation(target.database, 'main', 'yes_1') %}{% do run_query(into('after_get_relation')) %}{% endmacro %}
{% macro query_after_list() %}{% do list_relations_without_caching(rel('yes_1').without_identifier()) %}{% do run_query(into('after_list')) %}{% endmacro %}
{% macro execute_alone() %}{% do adapter.execute(into('yes_4')) %}{% endmacro %}
{% macro execute_begins() %}{% do adapter.execute(into('no_4'), auto_begin=True) %}{% endmacro %}
{% macro begins_and_ends() %}{% do run_query('begin; ' ~ into('yes_5') ~ '; commit;') %}{% endmacro %}
{% macro schemas() %}
  {% do adapter.create_schema(api.Relation.create(database=target.database, schema='made')) %}
  {% do adapter.create_schema(api.Relation.create(database=target.database, schema='gone')) %}
  {% do adapter.drop_schema(api.Relation.create(database=target.database, schema='gone')) %}
  {% do run_query('create table made.yes_6 as select 1 as i') %}
{% endmacro %}
{% macro truncates() %}{% do adapter.truncate_relation(rel('truncated')) %}{% endmacro %}
{% macro renames() %}{% do adapter.rename_relation(rel('renamed'), rel('renamed_anew')) %}{% endmacro %}
{% macro drops() %}{% do adapter.drop_relation(rel('dropped')) %}{% endmacro %}
{% macro fails_late() %}{% call statement('x') %}{{ into('no_5') }}{% endcall %}{% do run_query('select nothing') %}{% endmacro %}
{% macro commits_then_fails() %}{% call statement('x') %}{{ into('yes_7') }}{% endcall %}{% do adapter.commit() %}{% do run_query('select nothing') %}{% endmacro %}
