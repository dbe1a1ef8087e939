{%- set n = model.name[2:] | int -%}
{{ config(materialized=['view', 'table', 'ephemeral'][n % 3], tags=['layer_' ~ (n // 30)]) }}
select {{ n }} as n, {% if n >= 30 %}a.total + b.total{% else %}1::hugeint{% endif %} as total
{% if n >= 30 %}
from {{ ref('m_' ~ (n - 30)) }} a, {{ ref('m_' ~ (n - 29 - n % 7)) }} b
{% endif %}
