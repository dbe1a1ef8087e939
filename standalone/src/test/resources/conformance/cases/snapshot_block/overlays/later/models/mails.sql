select id, name || '@x' as mail, name, updated_at from {{ ref('people') }}
