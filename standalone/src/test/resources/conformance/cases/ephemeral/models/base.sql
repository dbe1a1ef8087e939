{{ config(materialized='ephemeral') }}
select * from (values (1, 10), (2, 20), (3, 30)) t(id, amount)
