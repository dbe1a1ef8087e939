{% macro ref(model_name) %}
    {% set relation = builtins.ref(model_name) %}
    {% do return(relation.include(database=false)) %}
{% endmacro %}
{% macro source(source_name, table_name) %}
    {% do return(builtins.source(source_name, table_name).include(database=false, schema=false)) %}
{% endmacro %}
