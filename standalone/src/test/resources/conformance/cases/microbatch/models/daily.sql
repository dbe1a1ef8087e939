{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='happened', batch_size='day', begin='2024-01-01') }}
select e.id, e.happened, u.other, (select count(*) from {{ ref('events') }}) as seen, (select count(*) from {{ ref('events').render() }}) as all_of_them,
  {{ 'true' if is_incremental() else 'false' }} as later
from {{ ref('events') }} e cross join {{ ref('untimed') }} u
