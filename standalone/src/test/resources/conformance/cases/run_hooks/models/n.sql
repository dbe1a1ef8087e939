{{ config(schema='other', post_hook=["{{ tell('own', model.name) }}", after_commit("{{ tell('after', 'commit') }}")]) }}
select * from {{ ref('m') }}
