{{ config(materialized='table') }}
select * from (values (1, 'a', date '2024-01-01'), (2, 'b', date '2024-01-02')) t(id, kind, day)
