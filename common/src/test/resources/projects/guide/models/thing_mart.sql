select count(*) as things from {{ ref('things') }}
