select * from {{ ref('same_name') }}
