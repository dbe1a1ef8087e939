{{ config(materialized='keyed', unique_key='id') }}
select * from (values (2, 'B'), (3, 'c')) t(id, name)
