select (select "of" from {{ ref('same_name') }}) as plain, (select "of" from {{ ref('extras', 'same_name') }}) as extras
