{% test not_null(model, column_name) %}
{{ config(severity='warn') }}
select 1 as always_fails from {{ model }} limit 2
{% endtest %}
