{{ config(materialized='table', alias='all_orders', schema='marts') }}
select *, '{{ this }}' as me, '{{ this.schema }}' as schema from {{ ref('stg__orders') }}
