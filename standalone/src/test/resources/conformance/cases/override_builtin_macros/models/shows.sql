{{ config(materialized='table') }}
select {{ dbt.dateadd('day', 1, 'x') }} as dateadd, {{ dateadd('day', 2, 'x') }} as dateadd_plain,
       {{ current_timestamp() }} as now, cast('a' as {{ dbt.type_string() }}) as a, {{ dbt.any_value("'v'") }} as v
