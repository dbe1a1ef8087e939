{{ config(materialized='incremental', full_refresh=false) }}
select '{{ is_incremental() }}' as was
