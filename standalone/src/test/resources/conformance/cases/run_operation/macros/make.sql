{% macro make(name, rows=1) %}
  {% do run_query("create or replace table " ~ target.schema ~ "." ~ name ~ " as select i from range(" ~ rows ~ ") t(i)") %}
  {% set n = run_query("select count(*) from " ~ ref('m'))[0][0] %}
  {% do log("counted " ~ n, info=true) %}
{% endmacro %}
{% macro log_it() %}{% do log(target.name ~ ' ' ~ flags.WHICH, info=true) %}{% endmacro %}
{% macro fails() %}{% do run_query("create table main.half as select 1 as a") %}{% do exceptions.raise_compiler_error('no') %}{% endmacro %}
