select 3 as id, 'three' as version, '{{ this }}' as this
