-- a result that was loaded, then a relation that is not there: the macro loads the first result again, and dbt refuses
select {{ dbt_utils.get_column_values(ref('raw_orders'), 'id') | join('+') }} as ids, '{{ dbt_utils.get_column_values(api.Relation.create(database="shop", schema="main", identifier="nowhere"), "x", default=["none"]) | join }}' as otherwise
