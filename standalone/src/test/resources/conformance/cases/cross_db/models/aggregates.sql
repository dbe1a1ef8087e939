{{ config(materialized='table') }}
select {{ dbt.listagg('name', "'; '", 'order by name') }} as names, {{ dbt.listagg('name', "','", 'order by name', 2) }} as two, {{ dbt.bool_or('flag') }} as any_flag, {{ dbt.any_value("'c'") }} as any_
from (values ('b', true), ('a', false), ('c', false)) t(name, flag) {{ dbt.except() if false }}
