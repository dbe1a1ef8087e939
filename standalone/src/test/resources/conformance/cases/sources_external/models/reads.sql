{{ config(materialized='table') }}
-- depends_on: {{ ref('base') }}
select 'meta' as of, id::varchar as id from {{ source('in_meta', 'orders') }}
union all select 'meta identifier', id::varchar from {{ source('in_meta', 'clients') }}
union all select 'config', id::varchar from {{ source('in_config', 'customers') }}
union all select 'table config', id::varchar from {{ source('in_config', 'items') }}
union all select 'function', id from {{ source('in_config', 'called') }}
union all select 'quoted', id::varchar from {{ source('in_config', 'quoted') }}
union all select 'list', id::varchar from {{ source('in_config', 'picked') }}
union all select 'oldstyle', id::varchar from {{ source('old', 'orders') }}
union all select 'template', id::varchar from {{ source('tmpl', 'orders') }}
union all select 'tree', id::varchar from {{ source('tree', 'orders') }}
union all select 'plain', id::varchar from {{ source('plain', 't') }}
