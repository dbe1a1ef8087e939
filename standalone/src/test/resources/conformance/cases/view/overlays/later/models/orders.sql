{{ config(materialized='view') }}
select 2 as id, 'bob' as customer, true as paid
