select id, amount from {{ ref("raw_orders") }} {% if var("broken", false) %}union all select 1, 0{% endif %}
