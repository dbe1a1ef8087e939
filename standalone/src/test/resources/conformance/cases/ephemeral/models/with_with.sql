{{ config(materialized='table') }}
-- a comment before
with mine as (select id, amount * 2 as amount from {{ ref('paid') }})
select mine.*, b.amount as base from mine join {{ ref('base') }} b using (id)
