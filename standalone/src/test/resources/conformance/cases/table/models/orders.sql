{{ config(materialized='table', indexes=[{'columns': ['id'], 'unique': true}, {'columns': ['customer', 'id']}]) }}
select * from (values (1, 'ada', 10.5), (2, 'bob', 3.25)) t(id, customer, amount)
