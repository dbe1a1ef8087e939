{% macro default__type_string() %}text /* default */{% endmacro %}
{% macro duckdb__dateadd(datepart, interval, from_date_or_timestamp) %}'duckdb__dateadd {{ interval }} {{ datepart }}'{% endmacro %}
{% macro current_timestamp() %}'my current_timestamp'{% endmacro %}
{% macro default__any_value(expression) %}max({{ expression }}) || ' mine'{% endmacro %}
