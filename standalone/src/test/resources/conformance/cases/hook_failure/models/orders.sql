{{ config(materialized='table', post_hook="{% if var('broken', false) %}select * from nowhere{% else %}select 1{% endif %}") }}
select {{ 2 if var('broken', false) else 1 }} as id
