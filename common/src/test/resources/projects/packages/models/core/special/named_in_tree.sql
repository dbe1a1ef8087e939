{{ config(tags=['a']) }}
{{ config(tags=['b'], schema='own_schema') }}
select * from {{ ref('base') }}
union all
select * from {{ builtins.ref('shop', 'base') }}
