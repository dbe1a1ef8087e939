{{ config(materialized='table', indexes=[{'columns': ['id'], 'unique': true}]) }}
-- a comment at the end is fine
select * from (values (2, 'bob', 3.25), (3, 'cyd', null)) t(id, customer, amount) -- here too
