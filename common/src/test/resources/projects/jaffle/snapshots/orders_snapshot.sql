{% snapshot orders_snapshot %}
{{ config(unique_key='order_id', strategy='check', check_cols=['status']) }}
select * from {{ ref('stg_orders') }}
{% endsnapshot %}

{% snapshot customers_snapshot %}
    {{ config(target_schema='old', unique_key='customer_id', strategy='timestamp', updated_at='first_order') }}
    select * from {{ ref('customers') }}
{% endsnapshot %}
