{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none -%}
        {{ target.schema }}
    {%- elif node.resource_type == 'model' and 'core' in node.fqn -%}
        {{ custom_schema_name | trim }}
    {%- else -%}
        {{ target.schema }}__{{ custom_schema_name | trim }}
    {%- endif -%}
{%- endmacro %}

{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {{ return((custom_alias_name or node.name) ~ var('suffix', '_x')) }}
{%- endmacro %}
