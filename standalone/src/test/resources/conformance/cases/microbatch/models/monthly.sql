{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='happened', batch_size='month', begin='2024-01-01', lookback=2) }}
select id, happened from {{ ref('events') }}
