{{ config(materialized='table') }}
select * from (values (1, 'a'), (1, 'b'), (null, 'c')) t(id, name)
