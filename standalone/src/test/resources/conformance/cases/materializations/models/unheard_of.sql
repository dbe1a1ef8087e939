{{ config(materialized='unheard_of') }} select 'unheard_of' as what
