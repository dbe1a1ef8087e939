select '{{ config.get("materialized") }}' as materialized, '{{ config.get("tags") | sort | join(",") }}' as tags, '{{ model.config.meta | dictsort | join(";") }}' as meta
