{{ dbt_utils.unpivot(relation=ref('raw_returns'), cast_to='varchar', exclude=['id'], remove=['customer'], field_name='what', value_name='worth') }}
