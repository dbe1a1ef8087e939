select '{{ var("tools_prefix") }}' as prefix, {{ helper(1) | length }} as n, '{{ var("own") }}' as own
