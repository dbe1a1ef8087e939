select l.*, '{{ var("greeting") }}' as mine, {{ extras.twice(5) }} as ten, {{ twice(5) }} as thousand
from {{ ref('extras', 'loud') }} l
