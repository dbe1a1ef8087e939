{{ config(materialized='keyed', unique_key='id') }}
select * from (values (1, 'a'), (2, 'b')) t(id, name)
