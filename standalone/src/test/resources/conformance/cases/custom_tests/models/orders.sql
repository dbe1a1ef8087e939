{{ config(materialized='table') }}
select * from (values (1, 5), (2, -5), (3, -7)) t(id, amount)
