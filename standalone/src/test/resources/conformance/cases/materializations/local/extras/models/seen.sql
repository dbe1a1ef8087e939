{{ config(materialized='view') }} select 'a view all the same' as what
