{{ config(materialized='view') }}
{{ dbt_utils.log_info('checking ' ~ this) }}
{{ dbt_utils.nullcheck_table(ref('raw_orders')) }}
