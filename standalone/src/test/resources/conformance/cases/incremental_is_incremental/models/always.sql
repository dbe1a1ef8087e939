{{ config(materialized='incremental', full_refresh=true) }}
select '{{ is_incremental() }}' as was
