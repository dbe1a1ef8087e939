select
    id as customer_id, shop_url, case when length(trim(email)) > 0 then lower(trim(email)) end as email, first_name,
    last_name, phone, state, verified_email as is_email_verified, email_marketing_consent.state as email_marketing_state,
    sms_marketing_consent.state as sms_marketing_state, orders_count, total_spent::decimal(18, 2) as total_spent, currency,
    default_address.city as default_city, default_address.province_code as default_province_code,
    default_address.country_code as default_country_code, default_address.zip as default_zip, tags, created_at, updated_at,
    last_order_id, _airbyte_extracted_at, _airbyte_raw_id, year, month, day
from newest_shopify_customers
