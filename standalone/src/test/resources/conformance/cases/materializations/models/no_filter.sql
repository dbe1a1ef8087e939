{{ config(materialized='insert_by_period', timestamp_field='day') }} select 1 as day
