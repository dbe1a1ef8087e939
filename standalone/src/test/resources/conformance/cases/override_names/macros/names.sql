{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none -%}{{ target.schema }}
    {%- elif target.name == 'prod' -%}{{ custom_schema_name | trim }}
    {%- else -%}{{ target.schema }}__{{ custom_schema_name | trim }}{%- endif -%}
{%- endmacro %}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {%- if custom_alias_name -%}{{ custom_alias_name }}{%- else -%}{{ node.name | replace('__', '_') }}_{{ node.resource_type[0] }}{%- endif -%}
{%- endmacro %}
