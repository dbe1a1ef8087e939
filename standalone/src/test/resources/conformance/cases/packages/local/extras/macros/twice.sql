{% macro twice(n) %}{{ n * 2 }}{% endmacro %}
