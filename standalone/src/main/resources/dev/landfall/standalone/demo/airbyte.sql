-- The nine streams as Airbyte's S3 destination writes them to Parquet: declared objects are STRUCT, arrays with items
-- are LIST, what has no schema is JSON text, names have no dashes. `sync` and `file` say where a record lands and are
-- not written.
create type money as struct(shop_money struct(amount double, currency_code varchar), presentment_money struct(amount double, currency_code varchar));
create type money_text as struct(shop_money struct(amount varchar, currency_code varchar), presentment_money struct(amount varchar, currency_code varchar));
create type airbyte_meta as struct(sync_id bigint, changes struct(field varchar, change varchar, reason varchar)[]);
create type address as struct(first_name varchar, last_name varchar, name varchar, company varchar, address1 varchar, address2 varchar, city varchar, zip varchar, province varchar, province_code varchar, country varchar, country_code varchar, phone varchar, latitude double, longitude double);
create type customer_address as struct(id bigint, customer_id bigint, first_name varchar, last_name varchar, name varchar, company varchar, address1 varchar, address2 varchar, city varchar, province varchar, province_code varchar, country varchar, country_code varchar, country_name varchar, zip varchar, phone varchar, "default" boolean);
create type tax_line as struct(channel_liable boolean, price double, rate double, title varchar, price_set money);
-- the amount of a discount is text, and the price of a line a number
create type discount_allocation as struct(id bigint, amount varchar, description varchar, created_at timestamptz, discount_application_index double, amount_set money_text, application_type varchar);
create type order_adjustment as struct(id bigint, order_id bigint, refund_id bigint, kind varchar, reason varchar, amount varchar, tax_amount varchar);
create type refund_transaction as struct(id bigint, parent_id bigint, order_id bigint, kind varchar, status varchar, gateway varchar, currency varchar, amount varchar, created_at varchar, processed_at varchar, test boolean, receipt struct(paid_amount varchar));
create type link as struct(self varchar);
create type links as struct(self varchar, related varchar);
create type reference as struct("type" varchar, id varchar);
create type number_or_string as struct("type" varchar, number double, string varchar);

create table shopify_orders (
    sync integer, file varchar,
    _airbyte_raw_id varchar, _airbyte_extracted_at timestamptz, _airbyte_meta airbyte_meta, _airbyte_generation_id bigint,
    id bigint, admin_graphql_api_id varchar, app_id bigint, browser_ip varchar, buyer_accepts_marketing boolean,
    cancel_reason varchar, cancelled_at timestamptz, cart_token varchar, checkout_id bigint, checkout_token varchar,
    client_details struct(accept_language varchar, browser_height bigint, browser_ip varchar, browser_width bigint, session_hash varchar, user_agent varchar),
    closed_at timestamptz, company varchar, confirmed boolean, confirmation_number varchar, contact_email varchar,
    created_at timestamptz, currency varchar, current_subtotal_price double, current_subtotal_price_set money,
    current_total_discounts double, current_total_discounts_set money, current_total_duties_set varchar,
    current_total_price double, current_total_price_set money, current_total_tax double, current_total_tax_set money,
    current_total_additional_fees_set money, customer_locale varchar, device_id varchar,
    discount_applications struct("type" varchar, title varchar, description varchar, "value" varchar, value_type varchar, allocation_method varchar, target_selection varchar, target_type varchar)[],
    discount_codes struct(code varchar, amount varchar, "type" varchar)[],
    email varchar, estimated_taxes boolean, financial_status varchar, fulfillment_status varchar, landing_site varchar,
    landing_site_ref varchar, location_id bigint, merchant_of_record_app_id varchar, name varchar, note varchar,
    note_attributes struct(name varchar, "value" varchar)[], number bigint, order_number bigint, order_status_url varchar,
    original_total_duties_set varchar, original_total_additional_fees_set money, payment_gateway_names varchar[],
    payment_terms varchar, phone varchar, presentment_currency varchar, processed_at varchar, po_number varchar,
    reference varchar, referring_site varchar, source_identifier varchar, source_name varchar, source_url varchar,
    shop_url varchar, subtotal_price double, subtotal_price_set money, tags varchar, tax_exempt boolean,
    tax_lines tax_line[], taxes_included boolean, test boolean, token varchar, total_discounts double,
    total_discounts_set money, total_line_items_price double, total_line_items_price_set money, total_outstanding double,
    total_price double, total_price_set money, total_price_usd double, total_shipping_price_set money, total_tax double,
    total_tax_set money, total_tip_received double, total_weight bigint, updated_at timestamptz, user_id double,
    billing_address address,
    customer struct(id bigint, email varchar, first_name varchar, last_name varchar, phone varchar, state varchar, tags varchar, note varchar, currency varchar, admin_graphql_api_id varchar, last_order_name varchar, multipass_identifier varchar, marketing_opt_in_level varchar, accepts_marketing boolean, verified_email boolean, tax_exempt boolean, accepts_marketing_updated_at varchar, created_at timestamptz, updated_at timestamptz, orders_count bigint, last_order_id bigint, total_spent double, default_address customer_address),
    discount_allocations discount_allocation[],
    fulfillments struct(id bigint, order_id bigint, location_id bigint, name varchar, service varchar, status varchar, shipment_status varchar, tracking_company varchar, tracking_number varchar, tracking_url varchar, created_at timestamptz, updated_at timestamptz, receipt varchar, line_items struct(id bigint, quantity bigint)[])[],
    line_items struct(id bigint, admin_graphql_api_id varchar, product_id bigint, variant_id bigint, title varchar, variant_title varchar, name varchar, sku varchar, vendor varchar, quantity bigint, fulfillable_quantity bigint, grams bigint, price double, price_set money, pre_tax_price double, total_discount double, total_discount_set money, gift_card boolean, taxable boolean, requires_shipping boolean, product_exists boolean, fulfillment_service varchar, fulfillment_status varchar, variant_inventory_management varchar, properties struct(name varchar, "value" varchar)[], tax_lines tax_line[], discount_allocations discount_allocation[])[],
    refunds struct(id bigint, order_id bigint, user_id bigint, created_at timestamptz, processed_at timestamptz, note varchar, restock boolean, order_adjustments order_adjustment[], transactions refund_transaction[],
        refund_line_items struct(id bigint, line_item_id bigint, location_id bigint, quantity bigint, restock_type varchar, subtotal double, subtotal_set money_text, total_tax double, total_tax_set money_text, line_item struct(id bigint, price varchar, gift_card boolean))[])[],
    shipping_address address,
    -- tax_lines of shipping have no item schema, so they are JSON text
    shipping_lines struct(id bigint, code varchar, title varchar, source varchar, carrier_identifier varchar, phone varchar, price double, price_set money, discounted_price double, discounted_price_set money, tax_lines varchar, discount_allocations discount_allocation[])[],
    deleted_at timestamptz, deleted_message varchar, deleted_description varchar
);

create table shopify_customers (
    sync integer, file varchar,
    _airbyte_raw_id varchar, _airbyte_extracted_at timestamptz, _airbyte_meta airbyte_meta, _airbyte_generation_id bigint,
    id bigint, email varchar, first_name varchar, last_name varchar, phone varchar, note varchar, tags varchar,
    state varchar, currency varchar, shop_url varchar, last_order_name varchar, multipass_identifier varchar,
    admin_graphql_api_id varchar, marketing_opt_in_level varchar, tax_exemptions varchar, verified_email boolean,
    tax_exempt boolean, accepts_marketing boolean, orders_count bigint, last_order_id bigint, total_spent double,
    created_at timestamptz, updated_at timestamptz,
    accepts_marketing_updated_at struct("type" varchar, timestamp_with_timezone timestamptz, string varchar),
    default_address customer_address, addresses customer_address[],
    email_marketing_consent struct(state varchar, opt_in_level varchar, consent_updated_at timestamptz),
    sms_marketing_consent struct(state varchar, opt_in_level varchar, consent_collected_from varchar, consent_updated_at timestamptz)
);

create table shopify_order_refunds (
    sync integer, file varchar,
    _airbyte_raw_id varchar, _airbyte_extracted_at timestamptz, _airbyte_meta airbyte_meta, _airbyte_generation_id bigint,
    id bigint, order_id bigint, user_id bigint, created_at timestamptz, processed_at varchar, note varchar, restock boolean,
    admin_graphql_api_id varchar, shop_url varchar, duties varchar, "return" struct(id bigint, admin_graphql_api_id varchar),
    total_duties_set money,
    refund_line_items struct(id bigint, line_item_id bigint, location_id bigint, quantity bigint, restock_type varchar, subtotal double, subtotal_set money, total_tax double, total_tax_set money, line_item struct(id bigint, price double, gift_card boolean, quantity bigint, product_id bigint, variant_id bigint, sku varchar, title varchar, discount_allocations struct(amount double)[], tax_lines tax_line[]))[],
    order_adjustments order_adjustment[], transactions refund_transaction[]
);

create table klaviyo_profiles (
    sync integer, file varchar,
    _airbyte_raw_id varchar, _airbyte_extracted_at timestamptz, _airbyte_meta airbyte_meta, _airbyte_generation_id bigint,
    "type" varchar, id varchar, updated timestamptz, segments varchar, links link,
    relationships struct(lists struct(links links), segments struct(links links)),
    attributes struct(anonymous_id varchar, email varchar, external_id varchar, first_name varchar, last_name varchar, title varchar, organization varchar, phone_number varchar, image varchar, locale varchar, created timestamptz, updated timestamptz, last_event_date timestamptz,
        "location" struct(address1 varchar, address2 varchar, city varchar, region varchar, country varchar, zip varchar, ip varchar, timezone varchar, latitude number_or_string, longitude number_or_string),
        properties varchar,
        predictive_analytics struct(average_days_between_orders double, average_order_value double, churn_probability double, historic_clv double, predicted_clv double, predicted_number_of_orders double, total_clv double, historic_number_of_orders bigint, expected_date_of_next_order varchar),
        subscriptions struct(
            email struct(marketing struct(can_receive_email_marketing boolean, consent varchar, consent_timestamp timestamptz, double_optin boolean, "method" varchar, method_detail varchar, custom_method_detail varchar, last_updated timestamptz, "timestamp" timestamptz, suppressions struct(reason varchar, "timestamp" timestamptz)[], list_suppressions struct(list_id varchar, reason varchar, "timestamp" timestamptz)[])),
            mobile_push struct(marketing struct(can_receive_push_marketing boolean, consent varchar, consent_timestamp timestamptz)),
            sms struct(marketing struct(can_receive_sms_marketing boolean, consent varchar, consent_timestamp timestamptz, "method" varchar, method_detail varchar, last_updated timestamptz), transactional struct(can_receive_sms_transactional boolean, consent varchar, consent_timestamp timestamptz))))
);

create table klaviyo_events (
    sync integer, file varchar,
    _airbyte_raw_id varchar, _airbyte_extracted_at timestamptz, _airbyte_meta airbyte_meta, _airbyte_generation_id bigint,
    "type" varchar, id varchar, datetime timestamptz, links link,
    relationships struct(metric struct("data" reference), profile struct("data" reference), attributions struct("data" reference[])),
    attributes struct(datetime timestamptz, "timestamp" bigint, uuid varchar, event_properties varchar)
);

create table klaviyo_campaigns (
    sync integer, file varchar,
    _airbyte_raw_id varchar, _airbyte_extracted_at timestamptz, _airbyte_meta airbyte_meta, _airbyte_generation_id bigint,
    "type" varchar, id varchar, updated_at timestamptz, links link,
    relationships struct(campaign_messages struct("data" reference[]), tags struct("data" reference[])),
    attributes struct(name varchar, status varchar, channel varchar, message varchar, archived boolean, created_at timestamptz, updated_at timestamptz, scheduled_at timestamptz, send_time timestamptz, audiences struct(included varchar[], excluded varchar[]), send_options struct(use_smart_sending boolean, ignore_unsubscribes boolean), tracking_options struct(is_tracking_opens boolean, is_tracking_clicks boolean, is_add_utm boolean, add_tracking_params boolean, utm_params struct(name varchar, "value" varchar)[]), send_strategy struct("method" varchar, options_static struct(datetime varchar, is_local boolean, send_past_recipients_immediately boolean), options_throttled struct(datetime varchar, throttle_percentage bigint), options_sto struct(date varchar)))
);

create table klaviyo_flows (
    sync integer, file varchar,
    _airbyte_raw_id varchar, _airbyte_extracted_at timestamptz, _airbyte_meta airbyte_meta, _airbyte_generation_id bigint,
    "type" varchar, id varchar, updated timestamptz, links link,
    relationships struct(flow_actions struct("data" reference[]), tags struct("data" reference[])),
    attributes struct(name varchar, status varchar, archived boolean, trigger_type varchar, created timestamptz, updated timestamptz)
);

create table klaviyo_metrics (
    sync integer, file varchar,
    _airbyte_raw_id varchar, _airbyte_extracted_at timestamptz, _airbyte_meta airbyte_meta, _airbyte_generation_id bigint,
    "type" varchar, id varchar, updated timestamptz, links link,
    relationships struct(flow_triggers struct("data" reference)),
    attributes struct(name varchar, created timestamptz, updated timestamptz, integration varchar)
);

create table klaviyo_lists (
    sync integer, file varchar,
    _airbyte_raw_id varchar, _airbyte_extracted_at timestamptz, _airbyte_meta airbyte_meta, _airbyte_generation_id bigint,
    "type" varchar, id varchar, updated timestamptz, links link,
    relationships struct(profiles struct(links links), tags struct("data" reference[]), flow_triggers struct("data" reference)),
    attributes struct(name varchar, opt_in_process varchar, created timestamptz, updated timestamptz)
);
