{{ config(tags=['weekly'], meta={'owner': 'ada'}) }}
select * from {{ ref('stg_orders') }}
