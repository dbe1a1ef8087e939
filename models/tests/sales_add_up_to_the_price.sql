-- What an order without refunds sold, with gift cards, tips and their discounts, is what the customer had to pay.
select o.order_id, o.total_price, s.total_sales
from {{ ref('fct_sales') }} as s
inner join {{ ref('int_shopify__orders') }} as o on o.order_id = s.order_id
where s.refund_count = 0
    and s.financial_status is distinct from 'voided'
    and o.gift_card_sales = 0
    and abs(s.total_sales + s.tips - o.total_price) > 0.01
