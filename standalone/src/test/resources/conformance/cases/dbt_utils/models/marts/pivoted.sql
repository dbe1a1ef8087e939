{%- set statuses = dbt_utils.get_column_values(ref('raw_orders'), 'status', order_by='min(id)') -%}
{%- set reasons = dbt_utils.get_column_values(table=ref('raw_returns'), column='reason', order_by='1', max_records=1, where='amount > 5', default=[]) -%}
select customer, {{ dbt_utils.pivot('status', statuses) }}, {{ dbt_utils.pivot('status', statuses, agg='max', then_value='amount', else_value='null', prefix='max ', quote_identifiers=False) }},
  {{ statuses | length }} as statuses, '{{ reasons | join("|") }}' as reasons
from {{ ref('raw_orders') }} {{ dbt_utils.group_by(1) }}
