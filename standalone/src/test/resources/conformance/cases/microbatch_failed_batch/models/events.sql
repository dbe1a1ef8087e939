{{ config(materialized='table', event_time='happened') }}
select * from (values ('1', timestamp '2024-01-01 10:00:00'), ('x', timestamp '2024-01-02 10:00:00'), ('3', timestamp '2024-01-03 10:00:00')) t(id, happened)
