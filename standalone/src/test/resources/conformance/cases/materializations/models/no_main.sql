{{ config(materialized='no_main') }} select 'no_main' as what
