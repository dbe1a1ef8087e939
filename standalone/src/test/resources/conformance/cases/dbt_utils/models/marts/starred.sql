select {{ dbt_utils.star(from=ref('raw_orders'), except=['NOTE'], relation_alias='o') }},
  {{ dbt_utils.star(ref('raw_returns'), except=['id', 'customer'], relation_alias='r', prefix='returned_') }},
  {{ dbt_utils.star(ref('raw_returns'), relation_alias='r', except=['id','customer','amount','express'], suffix='_text', quote_identifiers=False) }}
from {{ ref('raw_orders') }} o left join {{ ref('raw_returns') }} r using (id)
