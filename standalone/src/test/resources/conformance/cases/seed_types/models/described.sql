{{ config(materialized='table') }}
select typeof(columns(*)) from {{ ref('kinds') }} limit 1
