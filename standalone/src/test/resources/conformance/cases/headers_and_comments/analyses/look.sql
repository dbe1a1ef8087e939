select * from {{ ref('header') }}
