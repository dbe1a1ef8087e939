{{ config(materialized='table') }}
with recursive steps as (select min(id) as i from {{ ref('base') }} union all select i + 1 from steps where i < 4)
select i from steps left join {{ ref('unpaid') }} u on u.id = i
