-- depends_on: {{ ref('base') }}
{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='happened', batch_size='year', begin='2024-03-01', concurrent_batches=false) }}
select id, happened from {{ source('main', 'base') }}
