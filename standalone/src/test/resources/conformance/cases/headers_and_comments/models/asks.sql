{{ config(materialized='table') }}
select '{{ model.unique_id }}' as v /* kept; */ , ';' as w
