{{ config(materialized='table') }}
select * from (values (1, 'new', 10), (2, 'paid', 20), (2, 'lost', null), (null, 'paid', 99)) t(id, status, customer)
