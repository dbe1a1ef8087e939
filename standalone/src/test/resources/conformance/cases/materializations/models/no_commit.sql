{{ config(materialized='no_commit') }} select 'no_commit' as what
