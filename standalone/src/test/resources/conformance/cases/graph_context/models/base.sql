{{ config(materialized='incremental', tags=['t'], meta={'a': 1}) }}
select 1 as id, '{{ is_incremental() }}' as inc, '{{ this.type }}' as type
