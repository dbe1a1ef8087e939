select {{ dbt_utils.star(ref('hidden')) }} from {{ ref('hidden') }}
