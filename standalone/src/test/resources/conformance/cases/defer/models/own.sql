{{ config(materialized='table') }}
select '{{ target.name }}' as built_in
