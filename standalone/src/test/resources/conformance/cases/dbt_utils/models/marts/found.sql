-- depends_on: {{ ref('raw_orders') }} {{ ref('raw_returns') }}
{% set relations = dbt_utils.get_relations_by_prefix('main', 'raw_', exclude='%nothing') %}
{% set by_pattern = dbt_utils.get_relations_by_pattern('ma%', '%returns') %}
{% set facts = dbt_utils.get_query_results_as_dict("select max(id) as top, count(*) as n from " ~ ref('raw_orders')) %}
select name, kind, n, {{ by_pattern | length }} as patterns,
  {{ facts['top'][0] if execute else 0 }} as top, {{ facts['n'][0] if execute else 0 }} as rows,
  {{ dbt_utils.get_single_value("select count(distinct customer) from " ~ ref('raw_orders'), 0) }} as customers,
  '{{ dbt_utils.get_single_value("select 1 where false", "nothing") }}' as none
from (
{% for relation in relations %}select '{{ relation }}' as name, '{{ relation.type }}' as kind, (select count(*) from {{ relation }}) as n {% if not loop.last %} union all {% endif %}
{% else %}select 'parsing' as name, '' as kind, 0 as n
{% endfor %})
