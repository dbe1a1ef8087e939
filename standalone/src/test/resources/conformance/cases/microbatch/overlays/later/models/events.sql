{{ config(materialized='table', event_time='happened') }}
select * from (values (11, timestamp '2024-01-01 10:00:00'), (12, timestamp '2024-01-02 10:00:00'), (13, timestamp '2024-01-02 23:59:59'), (14, timestamp '2024-01-03 10:00:00')) t(id, happened)
