select * from {{ ref('marts') }}
