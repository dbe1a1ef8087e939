select id, name, updated_at from {{ ref('people') }}
