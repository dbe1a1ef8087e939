{% macro twice(n) %}{{ n }} * 200{% endmacro %}
