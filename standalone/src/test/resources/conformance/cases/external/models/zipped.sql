{{ config(materialized='external', options={'codec': 'zstd', 'row_group_size': 2048}) }}
select i as id from range(6) t(i)
