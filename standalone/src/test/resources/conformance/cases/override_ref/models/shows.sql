{{ config(materialized='table') }}
select id, '{{ ref("base") }}' as ref, '{{ source("raw", "things") }}' as source, '{{ builtins.ref("base") }}' as builtin
from {{ ref('base') }}
