{{ config(materialized='table') }}
select *, '{{ ref("dim") }}' as relation from {{ ref('dim') }}
union all select *, '{{ ref("dim", v=1) }}' from {{ ref('dim', v=1) }}
union all select id, version, '{{ ref("shop", "dim", version=3) }}' from {{ ref('shop', 'dim', version=3) }}
