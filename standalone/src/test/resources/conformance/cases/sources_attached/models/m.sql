{{ config(materialized='table') }}
select id from {{ source('raw', 'orders') }} union all select id from {{ source('raw', 'cased') }} union all select id from {{ source('unquoted', 'upper') }}
