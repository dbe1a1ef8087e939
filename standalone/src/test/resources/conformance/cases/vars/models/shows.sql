{{ config(materialized='table') }}
select '{{ var("own") }}' as own, '{{ var("both") }}' as both_, '{{ var("missing", "default") }}' as missing,
  '{{ var("lists") | join("-") }}' as lists, '{{ var("nested").a }}' as a, '{{ var("nested")["b"] | default(["none"]) | join("+") }}' as b,
  '{{ var("rendered") }}' as rendered, '{{ var("number") }}' as number, '{{ var("float") }}' as float_,
  '{{ var("date") }}' as date_, '{{ var("flag") }}' as flag, '{{ var("nothing") }}' as nothing,
  '{{ var("plain", 5) }}' as plain, {{ var.has_var("own") | lower }} as has_own, {{ var.has_var("nope") | lower }} as has_nope
