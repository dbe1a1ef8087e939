select * from {{ ref('paid') }} union all select * from {{ ref('unpaid') }}
