{{ config(materialized='no_relations') }} select 'no_relations' as what
