{% macro default__mine() %}'mine default'{% endmacro %}
{% macro inner() %}'shop inner'{% endmacro %}
