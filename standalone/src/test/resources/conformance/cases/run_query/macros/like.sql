{% macro dbt_utils_like() %}
  {%- if not execute -%}{{ return('') }}{%- endif -%}
  {%- set found = [] -%}
  {%- for relation in adapter.list_relations_without_caching(api.Relation.create(database=target.database, schema=target.schema)) -%}
    {%- if relation.identifier == 'data' -%}{%- do found.append(relation.identifier ~ ':' ~ relation.type) -%}{%- endif -%}
  {%- endfor -%}
  {{ return(found | join(',')) }}
{% endmacro %}
