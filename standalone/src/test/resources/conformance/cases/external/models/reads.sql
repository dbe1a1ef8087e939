{{ config(materialized='table') }}
select count(*) as n, (select count(*) from {{ ref('nothing') }}) as none, (select sum(id) from {{ ref('parts') }}) as parts
from {{ ref('plain') }}
