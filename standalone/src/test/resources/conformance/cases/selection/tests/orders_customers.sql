select * from {{ ref('orders') }} join {{ ref('customers') }} using (id)
