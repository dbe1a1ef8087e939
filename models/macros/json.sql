{# A number that Airbyte declares as "number or string" and writes as {type, number, string}; in JSON text, the value. #}
{% macro number_or_string(json) -%}
    try_cast(
        case
            when json_type({{ json }}) = 'OBJECT' then coalesce({{ json }}->>'$.number', {{ json }}->>'$.string')
            else {{ json }}->>'$'
        end as double
    )
{%- endmacro %}


{# The sum of an expression over a list's elements, each called x: total_of('tax_lines', 'x.price'), as money. #}
{% macro total_of(list, amount, where=none) -%}
    cast(coalesce(list_sum([{{ amount }} for x in {{ list }}{{ ' if ' ~ where if where }}]), 0) as decimal(18, 2))
{%- endmacro %}
