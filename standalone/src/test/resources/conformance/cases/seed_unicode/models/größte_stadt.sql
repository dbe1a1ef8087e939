{{ config(materialized='table', alias='größte Stadt') }}
{% set spalte = 'größe' %}
select "{{ spalte }}", 名前, length(名前) as länge, '🚠'::varchar as "bahn 🚠" from {{ ref('städte') }}
where größe = (select max({{ adapter.quote(spalte) }}) from {{ ref('städte') }})
