{% materialization no_commit, default %}
  {% call statement('main') %}create table {{ this }} as {{ sql }}{% endcall %}
  {{ return({'relations': [this]}) }}
{% endmaterialization %}
{% materialization no_begin, default %}
  {% call statement('main', auto_begin=False) %}create or replace table {{ this }} as {{ sql }}{% endcall %}
  {{ return({'relations': [this]}) }}
{% endmaterialization %}
{% materialization no_main, default %}
  {% do run_query('create or replace table ' ~ this ~ ' as ' ~ sql) %}
  {{ return({'relations': [this]}) }}
{% endmaterialization %}
{% materialization no_relations, default %}
  {% call statement('main') %}create or replace table {{ this }} as {{ sql }}{% endcall %}
  {% do adapter.commit() %}
{% endmaterialization %}
{% materialization fails_late, default %}
  {% call statement('main') %}create or replace table {{ this }} as {{ sql }}{% endcall %}
  {% call statement('then') %}select nothing{% endcall %}
  {% do adapter.commit() %}
  {{ return({'relations': [this]}) }}
{% endmaterialization %}
