{{ config(materialized='either') }} select 1 as one
