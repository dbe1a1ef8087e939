{{ config(materialized='table') }}
select * from {{ ref('upto') }}(3, 2) union all select * from {{ ref('plain_function') }}()
