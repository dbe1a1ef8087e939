{% test is_positive(model, column_name, at_least=0) %}
select * from {{ model }} where {{ column_name }} < {{ at_least }}
{% endtest %}
