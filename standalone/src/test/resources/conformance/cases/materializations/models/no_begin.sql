{{ config(materialized='no_begin') }} select 'no_begin' as what
