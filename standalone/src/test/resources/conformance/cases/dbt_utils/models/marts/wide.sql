with all_rows as (
{{ dbt_utils.union_relations(relations=[ref('raw_orders'), ref('raw_returns')], exclude=['note'], column_override={'amount': 'decimal(18, 4)'}) }}
)
select *, {{ dbt_utils.generate_surrogate_key(['id', 'customer', 'status']) }} as key from all_rows
