{{ config(tags=['own'], meta={'level': 4}, pre_hook="insert into log values ('own')") }}
select '{{ config.get("materialized") }}' as materialized, '{{ config.get("tags") | sort | join(",") }}' as tags, '{{ model.config.meta | dictsort | join(";") }}' as meta, '{{ this.identifier }}' as me
