select id, upper(name) as name, {{ var('factor', 1) }} * id as weighted, {{ today() }} as day from {{ ref('raw') }}
