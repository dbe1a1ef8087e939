{{ config(alias='payments', tags='money', meta={'owner': 'finance'}) }}
select id as payment_id, order_id, payment_method,
    {{ cents_to_dollars('amount') }} as amount,
    '{{ var("currency") }}' as currency
from {{ ref('raw_payments') }}
