{{ config(materialized='table') }}
-- depends_on: {{ ref('base') }}
{% if execute %}
{% set names = [] %}
{% for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | sort(attribute='name') %}{% do names.append(node.name ~ ':' ~ node.config.materialized) %}{% endfor %}
{% set relation = adapter.get_relation(target.database, target.schema, 'base') %}
select '{{ names | join(",") }}' as names, '{{ model.unique_id }}' as id, '{{ model.fqn | join(".") }}' as fqn, '{{ graph.sources | length }}' as sources,
  '{{ this.identifier }}|{{ this.schema }}|{{ this.database }}|{{ this.name }}|{{ this.table }}' as this_, '{{ this.include(database=false) }}' as included,
  '{{ relation }}' as relation, '{{ relation.type }}' as type, '{{ relation.is_table }}' as is_table, '{{ adapter.get_relation(target.database, target.schema, "nope") is none }}' as nope,
  '{{ adapter.get_columns_in_relation(relation) | map(attribute="name") | join(",") }}' as columns_, '{{ adapter.get_columns_in_relation(relation) | map(attribute="data_type") | join(",") }}' as types,
  '{{ flags.WHICH }}' as which, '{{ flags.FULL_REFRESH }}' as full_refresh, '{{ project_name }}' as project, '{{ modules.datetime.date(2024, 2, 28) + modules.datetime.timedelta(days=2) }}' as day,
  '{{ modules.re.sub("[aeiou]", "_", "landfall") }}' as re_, '{{ tojson({"a": [1, none, true]}) }}' as json_, '{{ fromjson("[1, 2]") | sum }}' as sum_, '{{ local_md5("x") }}' as md5_,
  '{{ model.tags | join("+") }}' as tags, '{{ model["depends_on"]["nodes"] | join(",") }}' as deps, '{{ adapter.type() }}' as adapter_, '{{ zip([1, 2], ["a", "b"]) | list | length }}' as zipped,
  '{{ api.Column.translate_type("string") }}' as translated, '{{ relation.quote(false, false, false) }}' as bare, '{{ dbt_version[:4] }}' as version
{% else %} select 1 {% endif %}
