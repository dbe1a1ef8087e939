{% macro duckdb__patched() %}'patched'{% endmacro %}
{% macro default__mine() %}'patches default'{% endmacro %}
