select '{{ config.get("materialized") }}' as materialized
