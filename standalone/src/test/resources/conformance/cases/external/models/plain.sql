{{ config(materialized='external', location='out/plain.csv') }}
select * from {{ ref('parquet') }}
