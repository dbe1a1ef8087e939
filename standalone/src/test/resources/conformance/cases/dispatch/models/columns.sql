{{ config(materialized='table') }}
select {% for name in tools.columns_of(ref('shows')) %}'{{ name }}' as {{ name }}_again{{ ", " if not loop.last }}{% endfor %}
