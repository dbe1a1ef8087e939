{{ config(materialized='external', options={'partition_by': 'part', 'overwrite': true}) }}
select i as id, i % 2 as part from range(6) t(i)
