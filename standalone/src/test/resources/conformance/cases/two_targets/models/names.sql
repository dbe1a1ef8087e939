select '{{ target.name }}' as name, '{{ target.schema }}' as schema, '{{ target.database }}' as database, '{{ target.type }}' as type,
  '{{ target.threads }}' as threads, '{{ target.profile_name }}' as profile, '{{ this }}' as this, count(*) as n, current_setting('default_null_order') as nulls
from {{ ref('orders') }}
