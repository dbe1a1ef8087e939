{{ config(materialized='table') }}
select current_setting('preserve_insertion_order') as o, current_setting('errors_as_json') as e
