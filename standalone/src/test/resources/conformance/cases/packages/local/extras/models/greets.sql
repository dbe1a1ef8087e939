select '{{ var("greeting") }}' as greeting, '{{ var("other") }}' as other, {{ extras.twice(2) }} as four, {{ twice(3) }} as six
