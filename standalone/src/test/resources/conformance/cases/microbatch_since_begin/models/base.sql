{{ config(materialized='table') }}
select * from (values (1, timestamp '2024-05-01 10:00:00'), (2, timestamp '2025-06-02 10:00:00')) t(id, happened)
