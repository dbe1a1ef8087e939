{{ config(materialized='table', pre_hook="{{ say('own pre ' ~ this.name) }}",
          post_hook=[before_begin("{{ say('before begin') }}"), after_commit("{{ say('after commit') }}"), in_transaction("{{ say('in transaction') }}")]) }}
select * from {{ ref('a_view') }}
