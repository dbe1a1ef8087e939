{{ config(materialized='fails_late') }} select 'fails_late' as what
