{{ config(materialized='ephemeral') }}
select * from {{ ref('people') }} where id < 10
