select 'dbt''s own view' as what, id from {{ ref('audited') }}
