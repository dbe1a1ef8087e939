{{ config(materialized='incremental') }}
select id, (select count(*) from log where what like '%c_incremental%') as seen from {{ ref('b_table') }}
