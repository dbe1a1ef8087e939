{{ dbt_utils.union_relations([ref('wide'), ref('raw_orders')], include=['id', 'amount'], source_column_name=none, where='id < 4') }}
