select '{{ dbt_utils.get_column_values(api.Relation.create(database="shop", schema="main", identifier="nowhere"), "x", default=["none"]) | join }}' as otherwise
