{{ config(materialized='table') }}
{% set ns = namespace(total=0, names=[]) %}
{% for i in range(1, 8) %}{% if i == 3 %}{% continue %}{% endif %}{% if i == 6 %}{% break %}{% endif %}{% set ns.total = ns.total + i %}{% do ns.names.append(i) %}{% endfor %}
{% set block %}inside {{ 1 + 1 }}{% endset %}
{%- set a, b = 1, 'two' %}
select '{{ default_args(1) }}' as d1, '{{ default_args(1, c=3) }}' as d2, '{{ many(1, 2, x=3, y="z") }}' as m,
  '{% call wraps("b") %}bold{% endcall %}' as w, '{% call(item, index) each(["x", "y"]) %}{{ index }}{{ item }};{% endcall %}' as e,
  {{ gives_list() | sum }} as l, {{ gives_dict().b.c }} as d, '{{ early(2) }}{{ early(1) }}' as early, {{ recursive(4) }} as r,
  {{ ns.total }} as total, '{{ ns.names | join(",") }}' as names, '{{ block }}' as block, '{{ a ~ b }}' as ab, '{% raw %}{{ raw }}{% endraw %}' as raw_,
  '{{ typed("t") }}' as typed, '{{ "%05.2f" | format(3.14159) }}' as fmt, '{{ "{:>5}|{:<4}|".format("a", 1) }}' as fmt2, '{{ undefined_name }}' as undef,
  '{{ [3, 1, 2] | sort | reverse | join(",") }}' as sorted, '{{ "Ab" * 2 }}' as mult, {{ 7 // 2 }} as fl, {{ 7 % 3 }} as md, {{ 2 ** 10 }} as pw, '{{ 7 / 2 }}' as dv,
  '{{ "a" if false else "b" }}' as iff, '{{ "x" in ["x"] }}' as in_, '{{ none is none }}' as nn, '{{ "a-b-c".split("-")[-1] }}' as split, '{{ {"k": [1, {"z": 2}]}["k"][1]["z"] }}' as deep,
  '{{ "  t " | trim }}' as t, '{{ "title case" | title }}' as tc, '{{ [1, 2, 3, 4] | select("even") | list | length }}' as ev, '{{ ["b", "a"] | unique | list | first }}' as u, '{{ "abc"[::-1] }}' as rev
