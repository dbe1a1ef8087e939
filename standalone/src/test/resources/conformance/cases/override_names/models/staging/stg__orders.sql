select * from {{ ref('raw__orders') }}
