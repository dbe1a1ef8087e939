{# Wins over the package's default. #}
{% macro default__wrapped(x) %}root[{{ x }}]{% endmacro %}

{% macro helper(x) %}root helper {{ x }}{% endmacro %}

{% macro ref(name) %}
  {%- set relation = builtins.ref(name) -%}
  {% do return(relation.include(database=false)) %}
{% endmacro %}

{% macro default__dateadd(datepart, interval, from_date_or_timestamp) %}my_dateadd('{{ datepart }}', {{ interval }}, {{ from_date_or_timestamp }}){% endmacro %}
