{{ config(materialized='table') }}
select * from (select unnest([1, 2, 3]) as i {{ dbt.except() }} select 2) {{ dbt.intersect() }} select unnest([1, 2])
