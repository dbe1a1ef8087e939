select {{ dbt_utils.generate_surrogate_key(['id', 'customer']) }} as key, {{ dbt_utils.surrogate_key(['id']) }} as old_key,
  {{ dbt_utils.safe_divide('amount', 'id - 1') }} as ratio, {{ dbt_utils.safe_add(['id', 'amount']) }} as added,
  {{ dbt_utils.width_bucket('amount', 0, 12, 4) }} as bucket, '{{ dbt_utils.slugify("!Hell0 world-hi") }}' as slug, '{{ dbt_utils.slugify("2nd") }}' as digit
from {{ ref('raw_orders') }}
