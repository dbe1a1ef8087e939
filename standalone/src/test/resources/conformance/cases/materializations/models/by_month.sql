{{ config(materialized='insert_by_period', timestamp_field='day', start_date='2024-01-01', periods=2) }}
select day, i, name from (select date '2024-01-01' + (i * 20)::integer as day, i::integer as i, 'a' || i as name from range(12) t(i)) days where __PERIOD_FILTER__
