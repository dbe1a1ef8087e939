{{ config(materialized='doubled') }}
select id from {{ ref('audited') }}
