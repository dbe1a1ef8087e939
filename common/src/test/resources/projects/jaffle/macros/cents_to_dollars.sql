{% macro cents_to_dollars(column, digits=2) -%}
    round({{ column }} / 100.0, {{ digits }})
{%- endmacro %}

{% test positive(model, column_name, at_least=0) %}
{{ config(severity='error') }}
select * from {{ model }} where {{ column_name }} < {{ at_least }}
{% endtest %}
